/* sysmon - watches this machine for some seconds: CPU, memory, disks, network, load and temperatures, read from /proc and
   /sys, as metrics of the semantic conventions. It shows a whole program with otel.h:

     metrics   counters (system.cpu.time), up-down counters (system.memory.usage), gauges (hw.temperature)
     traces    a trace for each round, with a span for each source: which file, how many bytes and lines
     logs      what is not as it should be (CPU above 90 %, little memory, a counter that ran backwards, a file that is not
               there) as warnings inside the span that saw it

   All of it is shown in the terminal, and sent to OTEL_EXPORTER_OTLP_ENDPOINT when that is set.

     cc -O2 -I. -Iports examples/sysmon.c -lpthread -o sysmon && ./sysmon 5 */
#include "otel_posix.h"
#include <dirent.h>

/* ---- what is measured ---- */
static otel_counter_double_t cpu_time = OTEL_COUNTER_DOUBLE("system.cpu.time", .unit = "s", OTEL_SERIES(8));
static otel_gauge_double_t cpu_utilization = OTEL_GAUGE_DOUBLE("system.cpu.utilization", .unit = "1", OTEL_SERIES(8));
static otel_updown_t cpu_count = OTEL_UPDOWN("system.cpu.logical.count", .unit = "{cpu}");
static otel_gauge_double_t load_average = OTEL_GAUGE_DOUBLE("system.cpu.load_average.1m", .unit = "{thread}");
static otel_gauge_double_t uptime = OTEL_GAUGE_DOUBLE("system.uptime", .unit = "s");
static otel_updown_t memory_usage = OTEL_UPDOWN("system.memory.usage", .unit = "By", OTEL_SERIES(8));
static otel_gauge_double_t memory_utilization = OTEL_GAUGE_DOUBLE("system.memory.utilization", .unit = "1", OTEL_SERIES(8));
static otel_updown_t memory_limit = OTEL_UPDOWN("system.memory.limit", .unit = "By");
static otel_counter_t disk_io = OTEL_COUNTER("system.disk.io", .unit = "By", OTEL_SERIES(64));
static otel_counter_t disk_operations = OTEL_COUNTER("system.disk.operations", .unit = "{operation}", OTEL_SERIES(64));
static otel_counter_t network_io = OTEL_COUNTER("system.network.io", .unit = "By", OTEL_SERIES(64));
static otel_counter_t network_packets = OTEL_COUNTER("system.network.packet.count", .unit = "{packet}", OTEL_SERIES(64));
static otel_counter_t network_errors = OTEL_COUNTER("system.network.errors", .unit = "{error}", OTEL_SERIES(64));
static otel_gauge_double_t temperature = OTEL_GAUGE_DOUBLE("hw.temperature", .unit = "Cel", OTEL_SERIES(64));

/* ---- reading: each function takes text, so that it can be tried without a machine ---- */

#define CPU_MODES 7
static const char *const cpu_mode[CPU_MODES] = { "user", "nice", "system", "idle", "iowait", "interrupt", "steal" };
typedef struct { uint64_t ticks[CPU_MODES]; int cpus; } cpu_t;
typedef struct { uint64_t total, free, available, buffers, cached; } memory_t;      /* bytes */
typedef struct { char name[32]; uint64_t bytes[2], operations[2]; } disk_t;         /* read, write */
typedef struct { char name[32]; uint64_t bytes[2], packets[2], errors[2]; } net_t;  /* receive, transmit */

static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');
    return end ? end + 1 : line + strlen(line);
}

/* Unsigned numbers up to the end of the line; how many there were. */
static int read_numbers(const char *text, uint64_t *to, int most)
{
    int n = 0;
    while (n < most) {
        while (*text == ' ' || *text == '\t') text++;
        if (*text < '0' || *text > '9') break;
        for (to[n] = 0; *text >= '0' && *text <= '9'; text++) to[n] = to[n] * 10u + (uint64_t)(*text - '0');
        n++;
    }
    return n;
}

/* /proc/stat */
static bool parse_cpu(const char *text, cpu_t *cpu)
{
    bool found = false;
    memset(cpu, 0, sizeof *cpu);
    for (; *text; text = next_line(text)) {
        if (strncmp(text, "cpu", 3) != 0) continue;
        if (text[3] == ' ') {
            uint64_t n[8] = { 0 };
            if (read_numbers(text + 4, n, 8) < 4) return false;
            memcpy(cpu->ticks, n, sizeof cpu->ticks);
            cpu->ticks[5] += n[6];                /* soft interrupts to the hard ones */
            cpu->ticks[6] = n[7];
            found = true;
        } else if (text[3] >= '0' && text[3] <= '9') {
            cpu->cpus++;
        }
    }
    return found;
}

/* /proc/meminfo */
static bool parse_memory(const char *text, memory_t *memory)
{
    memset(memory, 0, sizeof *memory);
    for (; *text; text = next_line(text)) {
        const struct { const char *key; uint64_t *to; } field[] = {
            { "MemTotal:", &memory->total }, { "MemFree:", &memory->free }, { "MemAvailable:", &memory->available },
            { "Buffers:", &memory->buffers }, { "Cached:", &memory->cached },
        };
        size_t i;
        for (i = 0; i < sizeof field / sizeof field[0]; i++) {
            uint64_t kib;
            if (strncmp(text, field[i].key, strlen(field[i].key)) == 0 && read_numbers(text + strlen(field[i].key), &kib, 1)) *field[i].to = kib * 1024u;
        }
    }
    if (memory->available == 0) memory->available = memory->free + memory->buffers + memory->cached;      /* before Linux 3.14 */
    return memory->total != 0;
}

/* /proc/diskstats: whole disks only, in use. */
static size_t parse_disks(const char *text, disk_t *disk, size_t most)
{
    size_t count = 0, i;
    for (; *text && count < most; text = next_line(text)) {
        uint64_t id[2], n[7];
        char name[32];
        int used = 0;
        const char *p = text;
        bool part = false;
        while (*p == ' ') p++;
        if (read_numbers(p, id, 2) < 2) continue;
        if (sscanf(p, "%*u %*u %31s%n", name, &used) < 1 || read_numbers(p + used, n, 7) < 7) continue;
        if (strncmp(name, "loop", 4) == 0 || strncmp(name, "ram", 3) == 0 || n[0] + n[4] == 0) continue;
        for (i = 0; i < count; i++) {             /* sda1 behind sda, nvme0n1p1 behind nvme0n1 */
            size_t len = strlen(disk[i].name);
            if (strncmp(name, disk[i].name, len) == 0 && name[len]) part = true;
        }
        if (part) continue;
        memset(&disk[count], 0, sizeof disk[count]);
        memcpy(disk[count].name, name, sizeof name);
        disk[count].operations[0] = n[0];
        disk[count].bytes[0] = n[2] * 512u;       /* sectors are 512 bytes here, whatever the disk's are */
        disk[count].operations[1] = n[4];
        disk[count++].bytes[1] = n[6] * 512u;
    }
    return count;
}

/* /proc/net/dev: interfaces that were used. */
static size_t parse_network(const char *text, net_t *net, size_t most)
{
    size_t count = 0;
    for (; *text && count < most; text = next_line(text)) {
        uint64_t n[11];
        const char *colon = strchr(text, ':'), *name = text;
        size_t len;
        if (!colon || colon > next_line(text) || read_numbers(colon + 1, n, 11) < 11) continue;
        while (*name == ' ') name++;
        len = (size_t)(colon - name);
        if (len >= sizeof net->name || n[1] + n[9] == 0) continue;
        memset(&net[count], 0, sizeof net[count]);
        memcpy(net[count].name, name, len);
        net[count].bytes[0] = n[0];
        net[count].packets[0] = n[1];
        net[count].errors[0] = n[2];
        net[count].bytes[1] = n[8];
        net[count].packets[1] = n[9];
        net[count++].errors[1] = n[10];
    }
    return count;
}

/* "0.52 0.48 ..." and the like: the first number. */
static bool parse_number(const char *text, double *value)
{
    return sscanf(text, "%lf", value) == 1;
}

/* Millidegrees; what no machine survives is no temperature. */
static bool parse_temperature(const char *text, double *celsius)
{
    long milli;
    if (sscanf(text, "%ld", &milli) != 1 || milli < -100000 || milli > 200000) return false;
    *celsius = (double)milli / 1000.0;
    return true;
}

/* ---- files ---- */
static const char *root = "";                     /* --root: where /proc and /sys lie */
static char text[262144];

/* Read a file into `text`; say so on the current span. NULL, and a warning once, when it is not there. */
static const char *read_file(otel_span_t *span, const char *path, bool *missed)
{
    char name[600];
    size_t n, i, lines = 0;
    FILE *f;
    (void)snprintf(name, sizeof name, "%s%s", root, path);
    otel_span_set(span, "file.path", name);
    f = fopen(name, "r");
    if (!f) {
        if (!*missed) otel_log(OTEL_WARN, "this machine has no such file: what is in it is not reported", "file.path", name);
        *missed = true;
        return NULL;
    }
    n = fread(text, 1, sizeof text - 1, f);
    (void)fclose(f);
    text[n] = 0;
    for (i = 0; i < n; i++) lines += text[i] == '\n';
    otel_span_set(span, "file.size", (int64_t)n, "sysmon.lines", (int64_t)lines);
    return text;
}

/* How far a counter went since `before`. One that runs backwards was set back: it counts from zero again, and is reported. */
static uint64_t grown(uint64_t now, uint64_t before, const char *what, const char *device)
{
    if (now >= before) return now - before;
    otel_log(OTEL_WARN, "a counter ran backwards", "metric", what, "device", device, "before", before, "now", now);
    return now;
}

/* ---- one function for each source ---- */
static double cpu_alarm = 0.9, memory_alarm = 0.1;
static bool measuring;                            /* false in the first look, which only remembers */

static void sample_cpu(otel_span_t *span)
{
    static cpu_t last;
    static bool missed, known;
    const char *from = read_file(span, "/proc/stat", &missed);
    uint64_t delta[CPU_MODES], all = 0;
    cpu_t now;
    int i;
    if (!from) return;
    if (!parse_cpu(from, &now)) {
        (void)otel_span_error(span, 1, "no line of the CPU in /proc/stat");
        return;
    }
    if (known && measuring) {
        long hz = sysconf(_SC_CLK_TCK);
        for (i = 0; i < CPU_MODES; i++) all += delta[i] = i == 3 || i == 4 ? (now.ticks[i] > last.ticks[i] ? now.ticks[i] - last.ticks[i] : 0)      /* known to step back */
                                                               : grown(now.ticks[i], last.ticks[i], "system.cpu.time", cpu_mode[i]);
        for (i = 0; i < CPU_MODES; i++) {
            otel_counter_add(&cpu_time, (double)delta[i] / (double)(hz > 0 ? hz : 100), "cpu.mode", cpu_mode[i]);
            if (all) otel_gauge_record(&cpu_utilization, (double)delta[i] / (double)all, "cpu.mode", cpu_mode[i]);
        }
        if (all) {
            double busy = 1.0 - (double)(delta[3] + delta[4]) / (double)all;
            otel_span_set(span, "sysmon.busy", busy);
            if (busy > cpu_alarm) otel_log(OTEL_WARN, "the CPU is busy", "utilization", busy, "threshold", cpu_alarm);
        }
    }
    if (measuring) otel_updown_add(&cpu_count, now.cpus - (known ? last.cpus : 0));
    last = now;
    if (!known && !measuring) last.cpus = 0;
    known = true;
}

static void sample_memory(otel_span_t *span)
{
    static const char *const state[] = { "used", "free", "buffers", "cached" };
    static int64_t last[4], last_total;
    static bool missed;
    const char *from = read_file(span, "/proc/meminfo", &missed);
    int64_t now[4];
    memory_t memory;
    double available;
    int i;
    if (!from || !measuring) return;
    if (!parse_memory(from, &memory)) {
        (void)otel_span_error(span, 1, "no MemTotal in /proc/meminfo");
        return;
    }
    now[1] = (int64_t)memory.free;
    now[2] = (int64_t)memory.buffers;
    now[3] = (int64_t)memory.cached;
    now[0] = (int64_t)memory.total - now[1] - now[2] - now[3];
    if (now[0] < 0) now[0] = 0;
    for (i = 0; i < 4; i++) {
        otel_updown_add(&memory_usage, now[i] - last[i], "system.memory.state", state[i]);
        otel_gauge_record(&memory_utilization, (double)now[i] / (double)memory.total, "system.memory.state", state[i]);
        last[i] = now[i];
    }
    otel_updown_add(&memory_limit, (int64_t)memory.total - last_total);
    last_total = (int64_t)memory.total;
    available = (double)memory.available / (double)memory.total;
    if (available < memory_alarm) otel_log(OTEL_WARN, "memory runs short", "available", available, "threshold", memory_alarm);
}

static void sample_disks(otel_span_t *span)
{
    static const char *const direction[] = { "read", "write" };
    static disk_t last[32];
    static size_t last_count;
    static bool missed;
    const char *from = read_file(span, "/proc/diskstats", &missed);
    disk_t now[32];
    size_t count, i, k;
    int d;
    if (!from) return;
    count = parse_disks(from, now, 32);
    otel_span_set(span, "sysmon.disks", (int64_t)count);
    for (i = 0; i < count && measuring; i++) {
        for (k = 0; k < last_count && strcmp(now[i].name, last[k].name); k++) {}
        if (k == last_count) continue;            /* new: from now on */
        for (d = 0; d < 2; d++) {
            otel_counter_add(&disk_io, (int64_t)grown(now[i].bytes[d], last[k].bytes[d], "system.disk.io", now[i].name), "system.device", now[i].name, "disk.io.direction", direction[d]);
            otel_counter_add(&disk_operations, (int64_t)grown(now[i].operations[d], last[k].operations[d], "system.disk.operations", now[i].name), "system.device", now[i].name, "disk.io.direction", direction[d]);
        }
    }
    memcpy(last, now, sizeof last);
    last_count = count;
}

static void sample_network(otel_span_t *span)
{
    static const char *const direction[] = { "receive", "transmit" };
    static net_t last[32];
    static size_t last_count;
    static bool missed;
    const char *from = read_file(span, "/proc/net/dev", &missed);
    net_t now[32];
    size_t count, i, k;
    int d;
    if (!from) return;
    count = parse_network(from, now, 32);
    otel_span_set(span, "sysmon.interfaces", (int64_t)count);
    for (i = 0; i < count && measuring; i++) {
        for (k = 0; k < last_count && strcmp(now[i].name, last[k].name); k++) {}
        if (k == last_count) continue;
        for (d = 0; d < 2; d++) {
            otel_counter_add(&network_io, (int64_t)grown(now[i].bytes[d], last[k].bytes[d], "system.network.io", now[i].name), "network.interface.name", now[i].name, "network.io.direction", direction[d]);
            otel_counter_add(&network_packets, (int64_t)grown(now[i].packets[d], last[k].packets[d], "system.network.packet.count", now[i].name), "system.device", now[i].name, "network.io.direction", direction[d]);
            otel_counter_add(&network_errors, (int64_t)grown(now[i].errors[d], last[k].errors[d], "system.network.errors", now[i].name), "network.interface.name", now[i].name, "network.io.direction", direction[d]);
        }
    }
    memcpy(last, now, sizeof last);
    last_count = count;
}

static void sample_load(otel_span_t *span)
{
    static bool missed;
    const char *from = read_file(span, "/proc/loadavg", &missed);
    double value;
    if (from && measuring && parse_number(from, &value)) otel_gauge_record(&load_average, value);
}

static void sample_uptime(otel_span_t *span)
{
    static bool missed;
    const char *from = read_file(span, "/proc/uptime", &missed);
    double value;
    if (from && measuring && parse_number(from, &value)) otel_gauge_record(&uptime, value);
}

/* The first line of a small file; "" when there is none. */
static const char *read_line(const char *path, char *to, size_t room)
{
    FILE *f = fopen(path, "r");
    *to = 0;
    if (!f) return to;
    if (!fgets(to, (int)room, f)) *to = 0;
    (void)fclose(f);
    to[strcspn(to, "\n")] = 0;
    return to;
}

/* hwmon0/temp1_input with hwmon0/name and temp1_label, or thermal_zone0/temp with its type. */
static int sample_sensors(const char *folder, bool hwmon)
{
    char path[600], value[32], name[64], label[64], id[160];
    DIR *d, *inner;
    struct dirent *e, *f;
    int count = 0;
    double celsius;
    (void)snprintf(path, sizeof path, "%s%s", root, folder);
    d = opendir(path);
    while (d && (e = readdir(d)) != NULL) {
        if (e->d_name[0] == '.' || (!hwmon && strncmp(e->d_name, "thermal_zone", 12) != 0)) continue;
        (void)snprintf(path, sizeof path, "%s%s/%.60s/%s", root, folder, e->d_name, hwmon ? "name" : "type");
        (void)read_line(path, name, sizeof name);
        if (!hwmon) {
            (void)snprintf(path, sizeof path, "%s%s/%.60s/temp", root, folder, e->d_name);
            if (!parse_temperature(read_line(path, value, sizeof value), &celsius)) continue;
            if (measuring) otel_gauge_record(&temperature, celsius, "hw.id", e->d_name, "hw.name", name);
            count++;
            continue;
        }
        (void)snprintf(path, sizeof path, "%s%s/%.60s", root, folder, e->d_name);
        inner = opendir(path);
        while (inner && (f = readdir(inner)) != NULL) {
            size_t n = strlen(f->d_name);
            if (strncmp(f->d_name, "temp", 4) != 0 || n < 11 || n > 40 || strcmp(f->d_name + n - 6, "_input") != 0) continue;
            (void)snprintf(path, sizeof path, "%s%s/%.60s/%.40s", root, folder, e->d_name, f->d_name);
            if (!parse_temperature(read_line(path, value, sizeof value), &celsius)) continue;
            (void)snprintf(path, sizeof path, "%s%s/%.60s/%.*s_label", root, folder, e->d_name, (int)(n - 6), f->d_name);
            (void)read_line(path, label, sizeof label);
            (void)snprintf(id, sizeof id, "%.60s/%.*s", e->d_name, (int)(n - 6), f->d_name);
            if (measuring) otel_gauge_record(&temperature, celsius, "hw.id", id, "hw.name", *label ? label : name);
            count++;
        }
        if (inner) (void)closedir(inner);
    }
    if (d) (void)closedir(d);
    return count;
}

static void sample_temperatures(otel_span_t *span)
{
    static bool said;
    int count = sample_sensors("/sys/class/hwmon", true);
    if (count == 0) count = sample_sensors("/sys/class/thermal", false);
    otel_span_set(span, "file.path", "/sys/class/hwmon", "sysmon.sensors", count);
    if (count == 0 && !said) otel_log(OTEL_INFO, "this machine shows no temperatures");
    said = true;
}

/* ---- the program ---- */
static const struct { const char *name; void (*sample)(otel_span_t *span); } source[] = {
    { "read cpu", sample_cpu },     { "read memory", sample_memory }, { "read disks", sample_disks },
    { "read network", sample_network }, { "read load", sample_load }, { "read uptime", sample_uptime },
    { "read temperatures", sample_temperatures },
};

static volatile sig_atomic_t stopped;
static void on_signal(int number)
{
    (void)number;
    stopped = 1;
}

static void sample_all(int number)
{
    size_t i;
    OTEL_SPAN(round, number ? "sample" : "first look") {
        otel_span_set(round, "sysmon.round", number);
        measuring = number > 0;
        for (i = 0; i < sizeof source / sizeof source[0]; i++) {
            OTEL_SPAN(span, source[i].name) source[i].sample(span);
        }
    }
}

static int usage(FILE *to, int status)
{
    (void)fprintf(to,
                  "sysmon [options] [SECONDS [INTERVAL]]   watch this machine, with otel.h\n"
                  "  SECONDS          how long (3)\n"
                  "  INTERVAL         seconds between two rounds (1), 0.01 at least\n"
                  "  --cpu PERCENT    warn above this (90)\n"
                  "  --memory PERCENT warn when less is available (10)\n"
                  "  --root FOLDER    where proc and sys lie (/)\n"
                  "It sends to OTEL_EXPORTER_OTLP_ENDPOINT, such as http://localhost:4318, when that is set.\n");
    return status;
}

int main(int argc, char **argv)
{
    double value[2] = { 3, 1 };
    int given = 0, i, rounds;
    struct sigaction action;
    otel_result_t result;
    for (i = 1; i < argc; i++) {
        double *to = strcmp(argv[i], "--cpu") == 0 ? &cpu_alarm : strcmp(argv[i], "--memory") == 0 ? &memory_alarm : NULL;
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) return usage(stdout, 0);
        if (strcmp(argv[i], "--root") == 0 && i + 1 < argc) {
            root = argv[++i];
            continue;
        }
        if (to && i + 1 < argc && parse_number(argv[i + 1], to)) {
            *to /= 100.0;
            i++;
            continue;
        }
        if (to || given == 2 || !parse_number(argv[i], &value[given]) || !(value[given] >= 0.01) || value[given] > 1e6) return usage(stderr, 2);
        given++;
    }
    rounds = (int)(value[0] / value[1] + 0.5);
    if (rounds < 1) rounds = 1;

    /* The operator's OTEL_SERVICE_NAME shall win here: a name in the call would. */
    result = otel_posix_start(.service = getenv("OTEL_SERVICE_NAME") ? NULL : "sysmon", .version = OTEL_VERSION, .console = stdout,
                              .metric_interval_ms = (uint32_t)(value[1] * 10000.0 < 1000.0 ? 1000.0 : value[1] * 10000.0 > 60000.0 ? 60000.0 : value[1] * 10000.0));
    if (result != OTEL_OK) return 1;              /* the reason stands on stderr */

    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;                /* Ctrl-C ends the watch, and what was seen still goes out */
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);

    otel_log(OTEL_INFO, "sysmon begins", "rounds", rounds, "interval", value[1]);
    sample_all(0);
    for (i = 1; i <= rounds && !stopped; i++) {
        struct timespec nap;
        nap.tv_sec = (time_t)value[1];
        nap.tv_nsec = (long)((value[1] - (double)nap.tv_sec) * 1e9);
        (void)nanosleep(&nap, NULL);
        if (!stopped) sample_all(i);
    }
    otel_log(OTEL_INFO, "sysmon ends", "rounds", i - 1);
    result = otel_posix_stop(5000);
    if (result != OTEL_OK) (void)fprintf(stderr, "sysmon: %s\n", otel_result_text(result));
    return result == OTEL_OK ? 0 : 1;
}
