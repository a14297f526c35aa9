/* Resources: merging, schema URLs, room, the detectors of this machine, container ids from the files of several engines. */
#include "otel_resource.h"
#include "kit.h"

#define ID "3cd2a9f1e0b84c7d5a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b"

static otel_attr_t at[32];
static char text[4096];
static otel_resource_t fresh(size_t size, size_t text_size)
{
    otel_resource_t r;
    memset((void *)&r, 0, sizeof r);
    r.at = at;
    r.size = size;
    r.text = text;
    r.text_size = text_size;
    return r;
}
static bool has(const otel_resource_t *r, const char *key, const char *value)
{
    const otel_value_t *v = otel_resource_get(r, key);
    return v && v->type == OTEL_V_STRING_ && v->len == strlen(value) && memcmp(v->as.p, value, v->len) == 0;
}

static void of_equal_keys_the_updating_resource_wins(void **state)
{
    otel_attr_t a[3], b[3];
    otel_resource_t r = fresh(32, 0);
    (void)state;
    a[0] = otel_str("service.name", "old"), a[1] = otel_str("only.old", "a"), a[2] = otel_str("empty", "x");
    b[0] = otel_str("service.name", "new"), b[1] = otel_str("only.new", "b"), b[2] = otel_str("empty", "");
    assert_null(otel_resource_get(&r, "service.name"));
    otel_resource_merge(&r, NULL, 0, NULL);
    assert_int_equal(r.len, 0);
    otel_resource_merge(&r, a, 3, NULL);
    otel_resource_merge(&r, b, 3, NULL);
    otel_resource_merge(&r, NULL, 0, NULL);
    assert_int_equal(r.len, 4);
    assert_true(has(&r, "service.name", "new") && has(&r, "only.old", "a") && has(&r, "only.new", "b") && has(&r, "empty", ""));
    assert_false(r.lost);
}

static void schema_urls_merge_as_the_table_says(void **state)
{
    static const struct { const char *a, *b, *result; bool conflict; } cases[] = {
        { NULL, NULL, NULL, false }, { "", "x", "x", false }, { NULL, "x", "x", false }, { "x", NULL, "x", false }, { "x", "", "x", false }, { "x", "x", "x", false },
        { "x", "y", NULL, true }, { "x", "xx", NULL, true },
    };
    unsigned i;
    (void)state;
    for (i = 0; i < LENGTH(cases); i++) {
        otel_resource_t r = fresh(4, 0);
        otel_resource_merge(&r, NULL, 0, cases[i].a);
        otel_resource_merge(&r, NULL, 0, cases[i].b);
        assert_int_equal(r.conflict, cases[i].conflict);
        if (cases[i].result) assert_string_equal(r.schema_url, cases[i].result);
        else assert_null(r.schema_url);
        otel_resource_merge(&r, NULL, 0, "x");                     /* a conflict stays one */
        assert_int_equal(r.conflict, cases[i].conflict);
    }
}

static void what_finds_no_room_says_so(void **state)
{
    otel_resource_t r = fresh(2, 8);
    (void)state;
    assert_true(otel_resource_text(&r, "a", "1234", 4));
    assert_false(otel_resource_text(&r, "b", "12345", 5));
    assert_true(r.lost);
    assert_true(otel_resource_text(&r, "b", "1234", 4));
    r.lost = false;
    assert_false(otel_resource_set(&r, "c", otel_value_int_(1)));
    assert_true(r.lost);
    assert_true(otel_resource_set(&r, "a", otel_value_int_(1)));
    assert_int_equal(r.len, 2);
    assert_false(otel_resource_set(&r, "", otel_value_int_(1)));
    assert_false(otel_resource_set(NULL, "a", otel_value_int_(1)));
}

static void an_instance_id_is_a_uuid_of_version_4(void **state)
{
    static const uint8_t ones[16] = { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255 }, zeros[16] = { 0 };
    otel_resource_t r = fresh(2, 80);
    (void)state;
    assert_true(otel_resource_instance_id(&r, ones));
    assert_true(has(&r, "service.instance.id", "ffffffff-ffff-4fff-bfff-ffffffffffff"));
    assert_true(otel_resource_instance_id(&r, zeros));
    assert_true(has(&r, "service.instance.id", "00000000-0000-4000-8000-000000000000"));
}

static void container_ids_of_several_engines(void **state)
{
    static const struct { const char *cgroup, *mounts; bool found; } cases[] = {
        { "12:memory:/docker/" ID "\n11:cpu:/docker/" ID "\n", "", true },                               /* Docker, version 1 */
        { "1:name=systemd:/kubepods/besteffort/pod1f2e3d4c-aaaa-bbbb-cccc-ddddeeeeffff/" ID "\n", "", true },  /* Kubernetes */
        { "0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-" ID ".scope\n", "", true },              /* containerd, version 2 */
        { "0::/system.slice/docker-" ID ".scope\n", "", true },
        { "0::/machine.slice/libpod-" ID ".scope\n", "", true },                                           /* Podman */
        { "0::/../crio-" ID "\n", "", true },
        { "0::/\n", "700 699 0:42 / /proc rw - proc proc rw\n710 699 254:1 /var/lib/docker/containers/" ID "/hostname /etc/hostname rw - ext4 /dev/vda1 rw\n", true },
        { "0::/\n", "711 699 254:1 /var/lib/u/.local/share/containers/storage/overlay-containers/" ID "/userdata/hosts /etc/hosts rw - ext4 /dev/a rw\n", true },
        { "0::/\n", "512 411 0:55 / / rw - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/" ID "/diff\n", false },      /* a layer is no container */
        { "0::/user.slice/user-1000.slice/session-3.scope\n", "22 1 254:1 / / rw - ext4 /dev/vda1 rw\n", false },
        { "0::/x-" ID "0\n", "", false }, { "0::/x-0123456789abcdef\n", "", false }, { "", "", false },
    };
    unsigned i;
    (void)state;
    for (i = 0; i < LENGTH(cases); i++) {
        const char *id = otel_container_id(cases[i].cgroup, cases[i].mounts);
        assert_int_equal(id != NULL, cases[i].found);
        if (id) assert_memory_equal(id, ID, OTEL_CONTAINER_ID);
    }
}

static void the_detectors_say_what_the_system_says(void **state)
{
    otel_resource_t r = fresh(32, sizeof text);
    otel_attr_t mine[1];
    struct utsname u;
    const otel_value_t *v;
    char here[256];
    (void)state;
    otel_resource_detect(&r, otel_detectors, OTEL_DETECTORS);
    assert_false(r.lost);
    assert_false(r.conflict);
    assert_string_equal(r.schema_url, OTEL_RESOURCE_SCHEMA);
    assert_int_equal(uname(&u), 0);
    assert_true(has(&r, "host.name", u.nodename));
    assert_true(has(&r, "os.version", u.release));
    assert_non_null(otel_resource_get(&r, "host.arch"));
    assert_non_null(otel_resource_get(&r, "os.type"));
    v = otel_resource_get(&r, "process.pid");
    assert_true(v && v->type == OTEL_V_INT_ && v->as.i == getpid());
    v = otel_resource_get(&r, "process.parent_pid");
    assert_true(v && v->as.i == getppid());
#ifdef __linux__
    assert_true(has(&r, "os.type", "linux"));
    {
        ssize_t n = readlink("/proc/self/exe", here, sizeof here - 1);
        assert_true(n > 0);
        here[n] = 0;
        assert_true(has(&r, "process.executable.path", here));
    }
    v = otel_resource_get(&r, "service.instance.id");
    assert_true(v && v->len == 36 && ((const char *)v->as.p)[14] == '4');
#else
    (void)here;
#endif
    mine[0] = otel_str("host.name", "the program says");
    otel_resource_merge(&r, mine, 1, NULL);
    now_ns = T0;
    assert_int_equal(otel_init(&otel, .service = "unit", .clock = kit_clock, .pool = pool, .pool_size = sizeof pool, .attributes = r.at, .attributes_len = r.len, .schema_url = r.schema_url), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .idle = kit_idle), OTEL_OK);
    kit_span("s");
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    {
        otel_recorded_span_t got;
        otel_slice_t name;
        int64_t pid;
        assert_true(otel_recorder_find_span(&rec, "s", &got));
        assert_true(otel_recorded_int(&got.resource, "process.pid", &pid) && pid == getpid());
        assert_true(otel_recorded_text(&got.resource, "host.name", &name) && kit_is(name, "the program says"));
        assert_true(otel_recorded_text(&got.resource, "service.name", &name) && kit_is(name, "unit"));
    }
    kit_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_equal_keys_the_updating_resource_wins),
        cmocka_unit_test(schema_urls_merge_as_the_table_says),
        cmocka_unit_test(what_finds_no_room_says_so),
        cmocka_unit_test(an_instance_id_is_a_uuid_of_version_4),
        cmocka_unit_test(container_ids_of_several_engines),
        cmocka_unit_test(the_detectors_say_what_the_system_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
