/* What test_demo.py runs: the sources of examples/sysmon.c on files of ours. sysmon_rounds FIRST SECOND: two folders, each a
   look at a machine; JSON lines on standard output. sysmon_rounds --parse: bad text for every reader. */
#define main sysmon_main
#include "../../examples/sysmon.c"
#undef main

static int parse_nonsense(void)
{
    static const char *const bad[] = { "", "\n", "cpu", "cpu \n", "cpu  1 2\n", "cpu0 1 2 3 4\n", "MemTotal:", "MemTotal: x kB\n", ":", "a:", " 8 0 sda", "   8       0 sda 1 2 3\n", "x: 1 2 3\n",
                                       "99999999999999999999999999999999 1 sda 1 1 1 1 1 1 1 1\n", "eth0: 1 2 3 4 5 6 7 8 9 10", "-", "cpu  99999999999999999999999 1 1 1 1 1 1 1" };
    static disk_t disks[2];
    static net_t nets[2];
    cpu_t cpu;
    memory_t memory;
    double number;
    size_t i, taken = 0;
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        taken += parse_cpu(bad[i], &cpu) && cpu.ticks[0] < 2;
        taken += parse_memory(bad[i], &memory);
        taken += i == 13 ? 0 : parse_disks(bad[i], disks, 2);
        taken += parse_network(bad[i], nets, 2);
        (void)parse_number(bad[i], &number);
        taken += i < 10 && parse_temperature(bad[i], &number);
    }
    taken += parse_temperature("300000\n", &number);
    (void)printf("%u taken\n", (unsigned)taken);
    return taken != 0;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--parse") == 0) return parse_nonsense();
    if (argc != 3) return sysmon_main(argc, argv);
    if (otel_posix_start(.service = "sysmon", .send = otel_file_send, .user = stdout)) return 1;
    root = argv[1];
    sample_all(0);
    root = argv[2];
    sample_all(1);
    return otel_posix_stop(5000);
}
