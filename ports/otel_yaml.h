/* otel_yaml.h - declarative configuration: a YAML file says what becomes of a program's telemetry. Through libyaml (link with -lyaml). MIT licence.

     #include "otel_posix.h"
     #include "otel_yaml.h"
     static otel_yaml_t config;
     const char *file = getenv("OTEL_CONFIG_FILE");
     if (!file) otel_posix_start(.version = "1.4");                   // the variables of the environment, or the terminal
     else if (otel_yaml_parse(&config, file) == OTEL_OK) otel_yaml_start(&config, .version = "1.4");
     else fprintf(stderr, "%s\n", otel_yaml_error(&config));

   Read of the model: file_format (1.x), disabled, log_level, attribute_limits, resource (attributes, attributes_list), propagator,
   tracer_provider (processors: batch or simple with otlp_http or console, limits, sampler), meter_provider (readers: periodic, with the same;
   exemplar_filter), logger_provider (processors, limits), and samplers, exporters and propagators that the program registers. Each becomes what the variable OTEL_.. of the same meaning would say, so all that
   otel_posix.h says of those holds; the environment itself is not read. What is not taken otel_yaml_error says after OTEL_OK.
   Specification: configuration/data-model.md; configuration/sdk.md, "Parse", "Create". */
#ifndef OTEL_YAML_H
#define OTEL_YAML_H
#include "otel_posix.h"
#include <yaml.h>

#define OTEL_YAML_SETTINGS_ 64u
#define OTEL_YAML_ATTRIBUTES_ 128u
#define OTEL_YAML_TEXT_ 65536u                /* bytes: values behind substitution, settings */
#define OTEL_YAML_PROPAGATORS_ 8u

/* What stands under the name of a component of the program's own in the file. */
typedef struct otel_yaml_properties_t {
    const struct otel_yaml_t *yaml;
    const yaml_node_t *node_;
} otel_yaml_properties_t;

/* What an exporter of the program's own makes: .send of otel_posix_start, with what it is called with. */
typedef struct otel_yaml_exporter_t {
    int (*send)(void *user, const otel_request_t *request) OTEL_Z_;
    void *user OTEL_Z_;
} otel_yaml_exporter_t;

/* A component of the program's own (PluginComponentProvider). */
typedef struct otel_yaml_component_t {
    const char *type OTEL_Z_;                 /* "sampler", "exporter" or "propagator" */
    const char *name OTEL_Z_;                 /* its key in the file */
    bool (*create)(void *user, const otel_yaml_properties_t *properties, void *to) OTEL_Z_;   /* CreateComponent: fill *to, an otel_sampler_t, an otel_yaml_exporter_t or an
                                                 otel_propagator_t. False: it is not taken, and that is told */
    void *user OTEL_Z_;                       /* its first argument */
    struct otel_yaml_component_t *next_ OTEL_Z_;
} otel_yaml_component_t;

/* A file and what it means. All fields are private. Static, or it lives as long as the program: spans that end late still look at it. */
typedef struct otel_yaml_t {
    yaml_document_t document_;
    bool open_;                               /* there is one */
    const char **values_;                     /* of each node, behind substitution; NULL: none was needed */
    struct { const char *name, *value; } settings_[OTEL_YAML_SETTINGS_];
    size_t settings_len_;
    otel_attr_t attributes_[OTEL_YAML_ATTRIBUTES_], all_[OTEL_YAML_ATTRIBUTES_];      /* of the file; with those of the program */
    otel_value_t items_[OTEL_YAML_ATTRIBUTES_];       /* of arrays */
    size_t attributes_len_, items_len_;
    otel_yaml_component_t *components_;
    otel_sampler_t sampler_, root_;           /* of the program's own, and what it is the root of; */
    otel_yaml_exporter_t exporter_[OTEL_SIGNALS];
    otel_propagator_t propagator_of_[OTEL_YAML_PROPAGATORS_], propagator_;
    const otel_propagator_t *propagators_[OTEL_YAML_PROPAGATORS_ + 1u];
    bool http_;                               /* otlp_http is asked for */
    bool full_;                               /* not all settings found room */
    char text_[OTEL_YAML_TEXT_];
    size_t text_len_;
    char error_[512];
} otel_yaml_t;

#if OTEL_ENABLED
#define otel_yaml_parse OTEL_NAME_(otel_yaml_parse)
#define otel_yaml_start_with OTEL_NAME_(otel_yaml_start_with)
#define otel_yaml_register OTEL_NAME_(otel_yaml_register)
#define otel_yaml_property OTEL_NAME_(otel_yaml_property)
#define otel_yaml_get OTEL_NAME_(otel_yaml_get)
#define otel_yaml_setting OTEL_NAME_(otel_yaml_setting)
#define otel_yaml_error OTEL_NAME_(otel_yaml_error)
#define otel_yaml_close OTEL_NAME_(otel_yaml_close)
#endif

OTEL_C_BEGIN_
/* Parse, once for each otel_yaml_t while a run of it goes on: read the file and put the environment into it, ${NAME}, ${env:NAME} and ${NAME:-otherwise}; $$ is a dollar. OTEL_E_CONFIG: there is no
   such file, it is no YAML, a reference is none, or file_format is none of 1.x: otel_yaml_error has the sentence, and nothing is in the model. */
OTEL_API_ otel_result_t otel_yaml_parse(otel_yaml_t *yaml, const char *path);

/* A scalar of the model, by the names on its way, "tracer_provider/limits/event_count_limit"; an item of a sequence by its number, from 0. NULL: it is not there,
   null, or no scalar. For settings of the program's own too ("instrumentation/development/c/my_parser/depth"). */
OTEL_API_ const char *otel_yaml_get(const otel_yaml_t *yaml, const char *path);

/* A component that the file may name, of one otel_yaml_t; between parse and start. It outlives the run. OTEL_E_NULL, OTEL_E_CONFIG: something of it is missing. */
OTEL_API_ otel_result_t otel_yaml_register(otel_yaml_t *yaml, otel_yaml_component_t *component);

/* As otel_yaml_get, among a component's properties. */
OTEL_API_ const char *otel_yaml_property(const otel_yaml_properties_t *properties, const char *path);

/* Create: otel_posix_start_with by what the model says; what `options` says wins. The answers are that call's, and OTEL_E_CONFIG without a model. */
OTEL_API_ otel_result_t otel_yaml_start_with(otel_yaml_t *yaml, const otel_posix_options_t *options);

/* What the model says of a variable, as .setting of otel_posix_start has it; after otel_yaml_start_with. */
OTEL_API_ const char *otel_yaml_setting(void *yaml, const char *name);

/* What went wrong, or what was not taken: sentences, "" for nothing. */
OTEL_API_ const char *otel_yaml_error(const otel_yaml_t *yaml);

/* Give the memory back, after otel_posix_stop. */
OTEL_API_ void otel_yaml_close(otel_yaml_t *yaml);
OTEL_C_END_

#define otel_yaml_start(yaml, ...) otel_yaml_start_with((yaml), OTEL_REF_(otel_posix_options_t, __VA_ARGS__))

/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_FN_ OTEL_PRINTF_(2, 3) void otel_yaml_note_(otel_yaml_t *y, const char *format, ...);
OTEL_FN_ void otel_yaml_note_(otel_yaml_t *y, const char *format, ...)
{
    size_t n = strlen(y->error_);
    va_list a;
    if (n && n + 2u < sizeof y->error_) {
        memcpy(y->error_ + n, "; ", 3);
        n += 2u;
    }
    va_start(a, format);
    (void)vsnprintf(y->error_ + n, sizeof y->error_ - n, format, a);
    va_end(a);
}

/* ---- text ---- */
OTEL_FN_ bool otel_yaml_put_(otel_yaml_t *y, const char *text, size_t len)
{
    if (len >= sizeof y->text_ - y->text_len_) return false;  /* one byte for the NUL */
    memcpy(y->text_ + y->text_len_, text, len);
    y->text_len_ += len;
    y->text_[y->text_len_] = 0;
    return true;
}

/* What was put since `begin`, as a text of its own. */
OTEL_FN_ const char *otel_yaml_done_(otel_yaml_t *y, size_t begin)
{
    y->text_[y->text_len_] = 0;
    if (y->text_len_ + 1u < sizeof y->text_) y->text_len_++;
    return y->text_ + begin;
}

OTEL_FN_ bool otel_yaml_letter_(char c, bool first) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (!first && c >= '0' && c <= '9'); }

/* Has it the form of a reference? */
OTEL_FN_ bool otel_yaml_refers_(const char *from, size_t len)
{
    const char *in = from + 2, *end = from + len - 1;
    size_t n = 0;
    if (end - in >= 4 && memcmp(in, "env:", 4) == 0) in += 4;
    while (in + n < end && otel_yaml_letter_(in[n], n == 0)) n++;
    return n && n < 256u && (in + n == end || (end - in - (long)n >= 2 && in[n] == ':' && in[n + 1u] == '-'));
}

/* "${..}" at `from`, of `len` bytes: NAME, env:NAME, and ":-otherwise" behind it. False: it is no reference. */
OTEL_FN_ bool otel_yaml_reference_(otel_yaml_t *y, const char *from, size_t len)
{
    char name[256];
    const char *in = from + 2, *end = from + len - 1, *otherwise, *value;
    size_t n = 0;
    if (end - in >= 4 && memcmp(in, "env:", 4) == 0) in += 4;
    while (in + n < end && n + 1u < sizeof name && otel_yaml_letter_(in[n], n == 0)) n++;
    otherwise = in + n;
    if (n == 0 || (otherwise < end && (end - otherwise < 2 || otherwise[0] != ':' || otherwise[1] != '-'))) return false;
    memcpy(name, in, n);
    name[n] = 0;
    value = getenv(name);
    if (value && *value) return otel_yaml_put_(y, value, strlen(value));
    return otherwise == end || otel_yaml_put_(y, otherwise + 2, (size_t)(end - otherwise - 2));
}

/* A scalar with the environment in it. What comes from there is not looked at again. NULL: a sentence was said. */
OTEL_FN_ const char *otel_yaml_substitute_(otel_yaml_t *y, const char *from, size_t len, size_t line)
{
    const size_t begin = y->text_len_;
    size_t i, n;
    bool good = true;
    for (i = 0; i < len && good; i += n) {
        n = 1;
        if (from[i] != '$' || i + 1u == len) {
            good = otel_yaml_put_(y, from + i, 1);
        } else if (from[i + 1u] == '$') {
            n = 2;
            good = otel_yaml_put_(y, "$", 1);
        } else if (from[i + 1u] == '{') {
            const char *end = from + i + 2, *close;
            while (end < from + len && !(end[0] == '$' && end + 1 < from + len && end[1] == '$')) end++;      /* a reference ends before an escape */
            close = (const char *)memchr(from + i, '}', (size_t)(end - (from + i)));
            if (!close && end < from + len) {
                good = otel_yaml_put_(y, "$", 1);
                continue;
            }
            n = close ? (size_t)(close + 1 - (from + i)) : len - i;
            good = close && otel_yaml_reference_(y, from + i, n);
            if (!good && (!close || !otel_yaml_refers_(from + i, n))) {
                otel_yaml_note_(y, "line %lu: %.*s is no reference: write ${NAME} or ${NAME:-otherwise}, and $$ for a dollar", (unsigned long)line, (int)(n > 60 ? 60 : n), from + i);
                return NULL;
            }
        } else {
            good = otel_yaml_put_(y, "$", 1);
        }
    }
    if (good) return otel_yaml_done_(y, begin);
    otel_yaml_note_(y, "the file says more than %u bytes", OTEL_YAML_TEXT_);
    return NULL;
}

/* ---- the model ---- */
OTEL_FN_ yaml_node_t *otel_yaml_node_(const otel_yaml_t *y, int index) { return yaml_document_get_node((yaml_document_t *)(uintptr_t)&y->document_, index); }

/* Its text; NULL: null, or no scalar. */
OTEL_FN_ const char *otel_yaml_scalar_(const otel_yaml_t *y, const yaml_node_t *node)
{
    static const char nothing[] = "null\0Null\0NULL\0~\0";
    const char *text, *one;
    if (!node || node->type != YAML_SCALAR_NODE) return NULL;
    text = y->values_[node - y->document_.nodes.start];
    if (!text) text = (const char *)node->data.scalar.value;
    if (node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE) return text;
    for (one = nothing; *one; one += strlen(one) + 1u) {
        if (strcmp(text, one) == 0) return NULL;
    }
    return *text ? text : NULL;
}

/* What stands under a key; NULL: nothing. */
OTEL_FN_ yaml_node_t *otel_yaml_at_(const otel_yaml_t *y, const yaml_node_t *map, const char *key, size_t len)
{
    const yaml_node_pair_t *pair;
    if (!map || map->type != YAML_MAPPING_NODE) return NULL;
    for (pair = map->data.mapping.pairs.start; pair < map->data.mapping.pairs.top; pair++) {
        const yaml_node_t *name = otel_yaml_node_(y, pair->key);
        if (name && name->type == YAML_SCALAR_NODE && name->data.scalar.length == len && memcmp(name->data.scalar.value, key, len) == 0) return otel_yaml_node_(y, pair->value);
    }
    return NULL;
}

OTEL_FN_ yaml_node_t *otel_yaml_in_(const otel_yaml_t *y, const yaml_node_t *map, const char *key) { return otel_yaml_at_(y, map, key, strlen(key)); }

OTEL_FN_ const char *otel_yaml_text_of_(const otel_yaml_t *y, const yaml_node_t *map, const char *key) { return otel_yaml_scalar_(y, otel_yaml_in_(y, map, key)); }

/* The n-th of a sequence. */
OTEL_FN_ yaml_node_t *otel_yaml_item_(const otel_yaml_t *y, const yaml_node_t *list, size_t n)
{
    if (!list || list->type != YAML_SEQUENCE_NODE || n >= (size_t)(list->data.sequence.items.top - list->data.sequence.items.start)) return NULL;
    return otel_yaml_node_(y, list->data.sequence.items.start[n]);
}

/* What has to be a list; something else is told. */
OTEL_FN_ const yaml_node_t *otel_yaml_list_(otel_yaml_t *y, const yaml_node_t *map, const char *key, const char *where)
{
    const yaml_node_t *list = otel_yaml_in_(y, map, key);
    if (list && list->type != YAML_SEQUENCE_NODE && (list->type != YAML_SCALAR_NODE || otel_yaml_scalar_(y, list)))
        otel_yaml_note_(y, "%s is not taken: it is no list (line %lu): write \"- \" before each", where, (unsigned long)list->start_mark.line + 1u);
    return list;
}

/* The only key of a map, as in `sampler: {always_on: }`, and what stands under it. A scalar alone is a key with nothing. */
OTEL_FN_ const char *otel_yaml_only_(otel_yaml_t *y, const yaml_node_t *node, const yaml_node_t **under)
{
    const yaml_node_t *name;
    const yaml_node_pair_t *other;
    *under = NULL;
    if (node && node->type == YAML_SCALAR_NODE) return otel_yaml_scalar_(y, node);
    if (!node || node->type != YAML_MAPPING_NODE || node->data.mapping.pairs.start == node->data.mapping.pairs.top) return NULL;
    name = otel_yaml_node_(y, node->data.mapping.pairs.start->key);
    if (name->type != YAML_SCALAR_NODE) {
        otel_yaml_note_(y, "line %lu: a key that is no word is not taken", (unsigned long)name->start_mark.line + 1u);
        return NULL;
    }
    for (other = node->data.mapping.pairs.start + 1; other < node->data.mapping.pairs.top; other++) {
        const yaml_node_t *key = otel_yaml_node_(y, other->key);
        otel_yaml_note_(y, "line %lu: %.40s beside %.40s is not taken: what belongs to it is indented further", (unsigned long)key->start_mark.line + 1u,
                        key->type == YAML_SCALAR_NODE ? (const char *)key->data.scalar.value : "?", (const char *)name->data.scalar.value);
    }
    *under = otel_yaml_node_(y, node->data.mapping.pairs.start->value);
    return (const char *)name->data.scalar.value;
}

/* Null, or a map or a list of nothing but nulls, as in `tls: {ca_file: }`. */
OTEL_FN_ bool otel_yaml_empty_(const otel_yaml_t *y, const yaml_node_t *node)
{
    const yaml_node_pair_t *pair;
    if (node->type == YAML_SCALAR_NODE) return !otel_yaml_scalar_(y, node);
    if (node->type != YAML_MAPPING_NODE) return false;
    for (pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *value = otel_yaml_node_(y, pair->value);
        if (value->type != YAML_SCALAR_NODE || otel_yaml_scalar_(y, value)) return false;
    }
    return node->data.mapping.pairs.start < node->data.mapping.pairs.top;
}

/* Keys of a map that nobody here takes; `known` to its empty end. */
OTEL_FN_ void otel_yaml_known_(otel_yaml_t *y, const yaml_node_t *map, const char *where, const char *known)
{
    const yaml_node_pair_t *pair;
    if (!map || map->type != YAML_MAPPING_NODE) return;
    for (pair = map->data.mapping.pairs.start; pair < map->data.mapping.pairs.top; pair++) {
        const yaml_node_t *name = otel_yaml_node_(y, pair->key), *value = otel_yaml_node_(y, pair->value);
        const char *key = name && name->type == YAML_SCALAR_NODE ? (const char *)name->data.scalar.value : "?", *one = known;
        while (*one && strcmp(one, key) != 0) one += strlen(one) + 1u;
        if (!*one && (strcmp(key, "tls") == 0 ? !otel_yaml_empty_(y, value) : value->type != YAML_SCALAR_NODE || otel_yaml_scalar_(y, value))) otel_yaml_note_(y, "%s%s%.80s is not taken", where, *where ? "." : "", key);
    }
}

OTEL_API_ const char *otel_yaml_error(const otel_yaml_t *yaml) { return yaml ? yaml->error_ : ""; }

OTEL_API_ void otel_yaml_close(otel_yaml_t *y)
{
    if (!y) return;
    if (y->open_) yaml_document_delete(&y->document_);
    free((void *)y->values_);
    y->values_ = NULL;
    y->open_ = false;
}

/* The environment into all values, not into keys. */
OTEL_FN_ bool otel_yaml_values_(otel_yaml_t *y)
{
    const size_t n = (size_t)(y->document_.nodes.top - y->document_.nodes.start);
    yaml_node_t *node;
    size_t i;
    y->values_ = (const char **)calloc(n ? n : 1u, sizeof *y->values_);
    if (!y->values_) {
        otel_yaml_note_(y, "no memory");
        return false;
    }
    for (node = y->document_.nodes.start; node < y->document_.nodes.top; node++) {
        const size_t count = node->type == YAML_MAPPING_NODE ? (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start)
                           : node->type == YAML_SEQUENCE_NODE ? (size_t)(node->data.sequence.items.top - node->data.sequence.items.start) : 0u;
        for (i = 0; i < count; i++) {
            const int index = node->type == YAML_MAPPING_NODE ? node->data.mapping.pairs.start[i].value : node->data.sequence.items.start[i];
            const yaml_node_t *value = otel_yaml_node_(y, index);
            const char **to = &y->values_[index - 1];
            if (value->type != YAML_SCALAR_NODE || *to || !memchr(value->data.scalar.value, '$', value->data.scalar.length)) continue;
            *to = otel_yaml_substitute_(y, (const char *)value->data.scalar.value, value->data.scalar.length, value->start_mark.line + 1u);
            if (!*to) return false;
        }
    }
    return true;
}

OTEL_API_ otel_result_t otel_yaml_parse(otel_yaml_t *y, const char *path)
{
    yaml_parser_t parser;
    FILE *file;
    const char *format;
    bool good;
    if (!y) return OTEL_E_NULL;
    memset((void *)y, 0, sizeof *y);
    if (!path || !*path) {
        otel_yaml_note_(y, "no file: name one in OTEL_CONFIG_FILE");
        return OTEL_E_CONFIG;
    }
    file = fopen(path, "rb");
    if (!file) {
        otel_yaml_note_(y, "%.200s: %s", path, strerror(errno));
        return OTEL_E_CONFIG;
    }
    if (yaml_parser_initialize(&parser)) {
        yaml_parser_set_input_file(&parser, file);
        y->open_ = yaml_parser_load(&parser, &y->document_) != 0;
        if (!y->open_) otel_yaml_note_(y, "%.200s, line %lu: %s", path, (unsigned long)parser.problem_mark.line + 1u, parser.problem ? parser.problem : "no YAML");
        yaml_parser_delete(&parser);
    } else {
        otel_yaml_note_(y, "no memory");
    }
    (void)fclose(file);
    good = y->open_ && otel_yaml_values_(y);
    format = good ? otel_yaml_text_of_(y, yaml_document_get_root_node(&y->document_), "file_format") : NULL;
    if (good && (!format || strncmp(format, "1.", 2) != 0)) {
        otel_yaml_note_(y, "%.200s: file_format is %.20s: write \"1.0\"", path, format ? format : "not there");
        good = false;
    }
    if (good) return OTEL_OK;
    otel_yaml_close(y);
    return OTEL_E_CONFIG;
}

OTEL_FN_ const char *otel_yaml_way_(const otel_yaml_t *y, const yaml_node_t *node, const char *path)
{
    while (node && *path) {
        size_t n = strcspn(path, "/");
        const yaml_node_t *in = node;
        if (in->type == YAML_SEQUENCE_NODE) {
            node = n && n < 10u && strspn(path, "0123456789") == n ? otel_yaml_item_(y, in, (size_t)strtoul(path, NULL, 10)) : NULL;
        } else {
            while ((node = otel_yaml_at_(y, in, path, n)) == NULL && path[n]) n += 1u + strcspn(path + n + 1u, "/");      /* a key may have a slash in it: "instrumentation/development" */
        }
        path += n + (path[n] == '/');
    }
    return otel_yaml_scalar_(y, node);
}

OTEL_API_ const char *otel_yaml_get(const otel_yaml_t *y, const char *path)
{
    return y && y->open_ && path ? otel_yaml_way_(y, yaml_document_get_root_node((yaml_document_t *)(uintptr_t)&y->document_), path) : NULL;
}

OTEL_API_ const char *otel_yaml_property(const otel_yaml_properties_t *properties, const char *path)
{
    return properties && properties->yaml && path ? otel_yaml_way_(properties->yaml, properties->node_, path) : NULL;
}

OTEL_API_ otel_result_t otel_yaml_register(otel_yaml_t *y, otel_yaml_component_t *component)
{
    const otel_yaml_component_t *one;
    if (!y || !component) return OTEL_E_NULL;
    if (!component->type || !component->name || !component->create) return OTEL_E_CONFIG;
    for (one = y->components_; one; one = one->next_) {
        if (one == component) return OTEL_OK;
    }
    component->next_ = y->components_;
    y->components_ = component;
    return OTEL_OK;
}

/* Have a component of the program's own made, the one that was registered last. */
OTEL_FN_ bool otel_yaml_make_(const otel_yaml_t *y, const char *type, const char *name, const yaml_node_t *node, void *to)
{
    const otel_yaml_component_t *c = y->components_;
    otel_yaml_properties_t properties;
    while (c && (strcmp(c->type, type) != 0 || strcmp(c->name, name) != 0)) c = c->next_;
    properties.yaml = y;
    properties.node_ = node;
    return c && (c->create)(c->user, &properties, to);
}

/* ---- what it means ---- */
OTEL_API_ const char *otel_yaml_setting(void *yaml, const char *name)
{
    const otel_yaml_t *y = (const otel_yaml_t *)yaml;
    size_t i;
    for (i = 0; i < y->settings_len_; i++) {
        if (strcmp(y->settings_[i].name, name) == 0) return y->settings_[i].value;
    }
    return NULL;
}

/* Say a variable; `name` may have a %s in it for the signal. The first one said stays. */
OTEL_FN_ void otel_yaml_set_(otel_yaml_t *y, const char *name, const char *signal, const char *value)
{
    const char *in = strstr(name, "%s");
    size_t begin = y->text_len_;
    if (!value) return;
    if (y->settings_len_ == OTEL_YAML_SETTINGS_) {
        y->full_ = true;
        return;
    }
    if (in) {
        if (!otel_yaml_put_(y, name, (size_t)(in - name)) || !otel_yaml_put_(y, signal, strlen(signal)) || !otel_yaml_put_(y, in + 2, strlen(in + 2))) {
            y->full_ = true;
            return;
        }
        name = otel_yaml_done_(y, begin);
    }
    if (otel_yaml_setting(y, name)) return;
    begin = y->text_len_;
    if (!otel_yaml_put_(y, value, strlen(value))) {
        y->full_ = true;
        return;
    }
    y->settings_[y->settings_len_].name = name;
    y->settings_[y->settings_len_++].value = otel_yaml_done_(y, begin);
}

OTEL_FN_ void otel_yaml_take_(otel_yaml_t *y, const yaml_node_t *map, const char *key, const char *name, const char *signal)
{
    const yaml_node_t *node = otel_yaml_in_(y, map, key);
    if (node && node->type != YAML_SCALAR_NODE) otel_yaml_note_(y, "line %lu: %s is not taken: it is no single value", (unsigned long)node->start_mark.line + 1u, key);
    otel_yaml_set_(y, name, signal, otel_yaml_scalar_(y, node));
}

/* A value of a resource's attribute. False: it is not of that type. */
OTEL_FN_ bool otel_yaml_value_(const char *text, const char *type, otel_value_t *value)
{
    char *end;
    if (strncmp(type, "string", 6) == 0) {
        *value = otel_value_str_(text);
        return true;
    }
    if (strncmp(type, "bool", 4) == 0) {
        *value = otel_value_bool_(strcmp(text, "true") == 0);
        return strcmp(text, "true") == 0 || strcmp(text, "false") == 0;
    }
    if (strncmp(type, "int", 3) == 0) *value = otel_value_int_((int64_t)strtoll(text, &end, 0));
    else if (strncmp(type, "double", 6) == 0) *value = otel_value_double_(strtod(text, &end));
    else return false;
    return end != text && !*end;
}

OTEL_FN_ void otel_yaml_attribute_(otel_yaml_t *y, const yaml_node_t *node)
{
    const char *name = otel_yaml_text_of_(y, node, "name"), *type = otel_yaml_text_of_(y, node, "type"), *text;
    const yaml_node_t *value = otel_yaml_in_(y, node, "value"), *one;
    const size_t begin = y->items_len_;
    otel_value_t all;
    size_t i;
    bool good = name != NULL;
    if (!type) type = "string";
    if (!value || (value->type == YAML_SCALAR_NODE && !otel_yaml_scalar_(y, value))) return;  /* null: as if it were not there */
    if (value->type == YAML_SEQUENCE_NODE) {
        for (i = 0; good && (one = otel_yaml_item_(y, value, i)) != NULL; i++) {
            text = otel_yaml_scalar_(y, one);
            good = text && y->items_len_ < OTEL_YAML_ATTRIBUTES_ && otel_yaml_value_(text, type, &y->items_[y->items_len_++]);
        }
        all = OTEL_VALUES(y->items_ + begin, y->items_len_ - begin);
    } else {
        text = otel_yaml_scalar_(y, value);
        good = good && text && otel_yaml_value_(text, type, &all);
    }
    if (good && y->attributes_len_ < OTEL_YAML_ATTRIBUTES_) y->attributes_[y->attributes_len_++] = otel_any(name, all);
    else otel_yaml_note_(y, "resource.attributes: %.80s is not taken: it is no %.20s, or there are more than %u", name ? name : "one without a name", type, OTEL_YAML_ATTRIBUTES_);
}

OTEL_FN_ void otel_yaml_resource_(otel_yaml_t *y, const yaml_node_t *resource)
{
    const yaml_node_t *list = otel_yaml_list_(y, resource, "attributes", "resource.attributes"), *one;
    size_t i;
    for (i = 0; (one = otel_yaml_item_(y, list, i)) != NULL; i++) otel_yaml_attribute_(y, one);
    otel_yaml_take_(y, resource, "attributes_list", "OTEL_RESOURCE_ATTRIBUTES", "");
    otel_yaml_known_(y, resource, "resource", "attributes\0attributes_list\0");
}

/* A propagator by its name. False: there is none. */
OTEL_FN_ bool otel_yaml_propagator_by_(const otel_yaml_t *y, const char *name, const yaml_node_t *node, otel_propagator_t *to)
{
    if (strcmp(name, "tracecontext") == 0) *to = otel_propagator_w3c();
    else if (strcmp(name, "baggage") == 0) *to = otel_propagator_baggage();
    else if (strcmp(name, "b3") == 0) *to = otel_propagator_b3();
    else if (strcmp(name, "b3multi") == 0) *to = otel_propagator_b3_multi();
    else return otel_yaml_make_(y, "propagator", name, node, to);
    return true;
}

/* One more, unless it is there: `all` has the names, with a comma behind each. */
OTEL_FN_ void otel_yaml_propagator_add_(otel_yaml_t *y, const char *name, size_t len, const yaml_node_t *node, char all[512])
{
    char one[64];
    size_t n = 0;
    const char *known;
    while (n < OTEL_YAML_PROPAGATORS_ && y->propagators_[n]) n++;
    if (len == 0 || (len == 4 && memcmp(name, "none", 4) == 0)) return;
    (void)snprintf(one, sizeof one, "%.*s,", (int)(len > 60u ? 60u : len), name);
    for (known = strstr(all, one); known && known != all && known[-1] != ','; known = strstr(known + 1, one)) {}
    if (known) return;
    (void)snprintf(all + strlen(all), 512u - strlen(all), "%s", one);
    one[strlen(one) - 1u] = 0;
    if (n == OTEL_YAML_PROPAGATORS_ || !otel_yaml_propagator_by_(y, one, node, &y->propagator_of_[n])) {
        otel_yaml_note_(y, "propagator %.60s is not taken: this library has tracecontext, baggage, b3 and b3multi", one);
        return;
    }
    y->propagators_[n] = &y->propagator_of_[n];
}

/* A list of names, and one that is a text with commas; without either nothing is passed on. */
OTEL_FN_ void otel_yaml_propagator_(otel_yaml_t *y, const yaml_node_t *propagator)
{
    const yaml_node_t *list = otel_yaml_list_(y, propagator, "composite", "propagator.composite"), *one, *under;
    const char *more = otel_yaml_text_of_(y, propagator, "composite_list");
    char all[512];
    size_t i;
    all[0] = 0;
    for (i = 0; (one = otel_yaml_item_(y, list, i)) != NULL; i++) {
        const char *name = otel_yaml_only_(y, one, &under);
        if (name) otel_yaml_propagator_add_(y, name, strlen(name), under, all);
    }
    while (more && *more) {
        size_t len = strcspn(more, ",");
        const char *name = more;
        more += len + (more[len] == ',');
        for (; len && *name == ' '; len--) name++;
        while (len && name[len - 1u] == ' ') len--;
        otel_yaml_propagator_add_(y, name, len, NULL, all);
    }
    y->propagator_ = otel_propagator_composite(y->propagators_);
    otel_yaml_known_(y, propagator, "propagator", "composite\0composite_list\0");
}

/* Headers, percent-encoded: those with a name and a value, then the text of a list without these. */
OTEL_FN_ void otel_yaml_headers_(otel_yaml_t *y, const yaml_node_t *exporter, const char *signal)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~!#$&'()*+/:<>?@[]^`{|}";
    const yaml_node_t *list = otel_yaml_list_(y, exporter, "headers", "otlp_http.headers"), *one;
    const char *more = otel_yaml_text_of_(y, exporter, "headers_list"), *p, *name;
    char all[4096];
    size_t i, n = 0, begin, whole;
    for (i = 0; (one = otel_yaml_item_(y, list, i)) != NULL; i++) {
        name = otel_yaml_text_of_(y, one, "name");
        p = otel_yaml_text_of_(y, one, "value");
        if (!name || !p) {
            if (!name) otel_yaml_note_(y, "line %lu: a header without a name is not taken", (unsigned long)one->start_mark.line + 1u);
            continue;
        }
        begin = n;
        if (n + strlen(name) + 8u < sizeof all && !strpbrk(name, ",=")) {
            n += (size_t)snprintf(all + n, sizeof all - n, "%s%s=", n ? "," : "", name);
            for (; *p && n + 8u < sizeof all; p++) n += (size_t)snprintf(all + n, sizeof all - n, strchr(plain, *p) ? "%c" : "%%%02X", (unsigned char)*p);
            if (!*p) continue;
        }
        n = begin;                                /* half of a key opens no door */
        all[n] = 0;
        otel_yaml_note_(y, "header %.60s is not taken: all headers of a signal have 4 KB, and a name has no comma or =", name);
    }
    for (; more && *more; more += whole + (more[whole] == ',')) {
        size_t len, key;
        bool known = false;
        whole = strcspn(more, ",");
        while (*more == ' ' || *more == '\t') more++, whole--;
        len = whole;
        while (len && (more[len - 1u] == ' ' || more[len - 1u] == '\t')) len--;
        for (key = strcspn(more, "=,"); key && (more[key - 1u] == ' ' || more[key - 1u] == '\t'); key--) {}
        for (i = 0; (one = otel_yaml_item_(y, list, i)) != NULL; i++) {
            name = otel_yaml_text_of_(y, one, "name");
            if (name && strlen(name) == key && strncasecmp(name, more, key) == 0) known = true;
        }
        if (known || !len) continue;
        if (n + len + 2u < sizeof all) n += (size_t)snprintf(all + n, sizeof all - n, "%s%.*s", n ? "," : "", (int)len, more);
        else otel_yaml_note_(y, "header %.*s of headers_list is not taken: all headers of a signal have 4 KB", (int)(key > 60u ? 60u : key), more);
    }
    if (n) otel_yaml_set_(y, "OTEL_EXPORTER_OTLP_%s_HEADERS", signal, all);
}

/* Where one signal goes. `to` gathers the names of its exporters. */
OTEL_FN_ void otel_yaml_exporter_(otel_yaml_t *y, const yaml_node_t *node, const char *signal, const char *where, char to[32])
{
    const yaml_node_t *e;
    const char *kind = otel_yaml_only_(y, node, &e), *word = NULL, *encoding;
    otel_yaml_exporter_t *own = &y->exporter_[*signal == 'T' ? OTEL_SIGNAL_TRACES : *signal == 'M' ? OTEL_SIGNAL_METRICS : OTEL_SIGNAL_LOGS];
    if (!kind) return;
    if (strcmp(kind, "console") == 0) word = "console";
    if (strcmp(kind, "otlp_http") == 0 && !strstr(to, "otlp")) word = "otlp";
    if (!word && !strstr(to, "otlp")) {
        if (otel_yaml_make_(y, "exporter", kind, e, own)) {
            (void)snprintf(to + strlen(to), 32u - strlen(to), "%sotlp", *to ? "," : "");
            return;
        }
        memset((void *)own, 0, sizeof *own);
    }
    if (!word) {
        otel_yaml_note_(y, "%s: exporter %.40s is not taken: %s", where, kind, strcmp(kind, "otlp_http") == 0 ? "one receiver for each signal" : "this library has otlp_http and console");
        return;
    }
    if (!strstr(to, word)) (void)snprintf(to + strlen(to), 32u - strlen(to), "%s%s", *to ? "," : "", word);
    if (*word != 'o') return;
    y->http_ = true;
    otel_yaml_take_(y, e, "endpoint", "OTEL_EXPORTER_OTLP_%s_ENDPOINT", signal);
    otel_yaml_take_(y, e, "compression", "OTEL_EXPORTER_OTLP_%s_COMPRESSION", signal);
    otel_yaml_take_(y, e, "timeout", "OTEL_EXPORTER_OTLP_%s_TIMEOUT", signal);
    otel_yaml_headers_(y, e, signal);
    if (*signal == 'M') {
        const char *low = otel_yaml_text_of_(y, e, "temporality_preference");
        otel_yaml_set_(y, "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "", low && strcmp(low, "low_memory") == 0 ? "lowmemory" : low);
        otel_yaml_take_(y, e, "default_histogram_aggregation", "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", "");
    }
    encoding = otel_yaml_text_of_(y, e, "encoding");
    if (encoding && strcmp(encoding, "protobuf") != 0) otel_yaml_note_(y, "%s: encoding %.20s is not taken: it is protobuf", where, encoding);
    otel_yaml_known_(y, e, where, "endpoint\0compression\0timeout\0headers\0headers_list\0encoding\0temporality_preference\0default_histogram_aggregation\0");
}

/* Processors of spans or of log records, or readers of metrics. Without any, or without the provider, nothing goes anywhere. */
OTEL_FN_ void otel_yaml_ways_(otel_yaml_t *y, const yaml_node_t *list, const char *signal, const char *batch, const char *where)
{
    const yaml_node_t *one, *how;
    char to[32];
    size_t i;
    to[0] = 0;
    for (i = 0; (one = otel_yaml_item_(y, list, i)) != NULL; i++) {
        const char *kind = otel_yaml_only_(y, one, &how);
        const bool periodic = kind && strcmp(kind, "periodic") == 0, batches = kind && strcmp(kind, "batch") == 0;
        if (*signal == 'M' ? !periodic : !batches && (!kind || strcmp(kind, "simple") != 0)) {
            otel_yaml_note_(y, "%s: %.40s is not taken", where, kind ? kind : "what is none");
            continue;
        }
        if (batches) {
            otel_yaml_take_(y, how, "schedule_delay", "OTEL_%s_SCHEDULE_DELAY", batch);
            otel_yaml_take_(y, how, "export_timeout", "OTEL_%s_EXPORT_TIMEOUT", batch);
            otel_yaml_take_(y, how, "max_queue_size", "OTEL_%s_MAX_QUEUE_SIZE", batch);
            otel_yaml_take_(y, how, "max_export_batch_size", "OTEL_%s_MAX_EXPORT_BATCH_SIZE", batch);
        }
        if (periodic) {
            otel_yaml_take_(y, how, "interval", "OTEL_METRIC_EXPORT_INTERVAL", "");
            otel_yaml_take_(y, how, "timeout", "OTEL_METRIC_EXPORT_TIMEOUT", "");
        }
        otel_yaml_exporter_(y, otel_yaml_in_(y, how, "exporter"), signal, where, to);
        otel_yaml_known_(y, how, where, "schedule_delay\0export_timeout\0max_queue_size\0max_export_batch_size\0interval\0timeout\0exporter\0");
    }
    otel_yaml_set_(y, "OTEL_%s_EXPORTER", signal, *to ? to : "none");
}

/* A parent based sampler whose children do as their parents did is the one there is a name for. */
OTEL_FN_ void otel_yaml_sampler_(otel_yaml_t *y, const yaml_node_t *node)
{
    static const char *const child[4] = { "remote_parent_sampled", "local_parent_sampled", "remote_parent_not_sampled", "local_parent_not_sampled" };
    const yaml_node_t *in, *under;
    const char *kind = otel_yaml_only_(y, node, &in), *word, *prefix = "";
    char name[64];
    unsigned i;
    bool parent;
    if (!kind) return;
    parent = strcmp(kind, "parent_based") == 0;
    if (parent) {
        for (i = 0; i < 4; i++) {
            word = otel_yaml_only_(y, otel_yaml_in_(y, in, child[i]), &under);
            if (word && strcmp(word, i < 2 ? "always_on" : "always_off") != 0) otel_yaml_note_(y, "tracer_provider.sampler: %s %.40s is not taken: children do as their parent did", child[i], word);
        }
        otel_yaml_known_(y, in, "tracer_provider.sampler.parent_based", "root\0remote_parent_sampled\0local_parent_sampled\0remote_parent_not_sampled\0local_parent_not_sampled\0");
        prefix = "parentbased_";
        kind = otel_yaml_only_(y, otel_yaml_in_(y, in, "root"), &in);
        if (!kind) kind = "always_on";
    }
    if (strcmp(kind, "trace_id_ratio_based") == 0) {
        const char *ratio = otel_yaml_text_of_(y, in, "ratio");
        otel_yaml_known_(y, in, "tracer_provider.sampler.trace_id_ratio_based", "ratio\0");
        otel_yaml_set_(y, "OTEL_TRACES_SAMPLER_ARG", "", ratio ? ratio : "1");
        kind = "traceidratio";
    } else if (otel_yaml_make_(y, "sampler", kind, in, &y->root_)) {
        y->sampler_ = parent ? otel_sampler_parent_based(&y->root_) : y->root_;
        return;
    } else if (strcmp(kind, "always_on") != 0 && strcmp(kind, "always_off") != 0) {
        otel_yaml_note_(y, "tracer_provider.sampler: %.40s is not taken: this library has always_on, always_off, trace_id_ratio_based and parent_based here, more as .sampler of the program", kind);
        return;
    }
    (void)snprintf(name, sizeof name, "%s%s", prefix, kind);
    otel_yaml_set_(y, "OTEL_TRACES_SAMPLER", "", name);
}

OTEL_FN_ void otel_yaml_mean_(otel_yaml_t *y)
{
    const yaml_node_t *root = yaml_document_get_root_node(&y->document_), *part, *limits;
    otel_yaml_take_(y, root, "disabled", "OTEL_SDK_DISABLED", "");
    otel_yaml_take_(y, root, "log_level", "OTEL_LOG_LEVEL", "");
    part = otel_yaml_in_(y, root, "attribute_limits");
    otel_yaml_take_(y, part, "attribute_value_length_limit", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "");
    otel_yaml_take_(y, part, "attribute_count_limit", "OTEL_ATTRIBUTE_COUNT_LIMIT", "");
    otel_yaml_known_(y, part, "attribute_limits", "attribute_value_length_limit\0attribute_count_limit\0");
    otel_yaml_resource_(y, otel_yaml_in_(y, root, "resource"));
    otel_yaml_propagator_(y, otel_yaml_in_(y, root, "propagator"));
    part = otel_yaml_in_(y, root, "tracer_provider");
    limits = otel_yaml_in_(y, part, "limits");
    otel_yaml_ways_(y, otel_yaml_list_(y, part, "processors", "tracer_provider.processors"), "TRACES", "BSP", "tracer_provider.processors");
    otel_yaml_take_(y, limits, "attribute_value_length_limit", "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "");
    otel_yaml_take_(y, limits, "attribute_count_limit", "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "");
    otel_yaml_take_(y, limits, "event_count_limit", "OTEL_SPAN_EVENT_COUNT_LIMIT", "");
    otel_yaml_take_(y, limits, "link_count_limit", "OTEL_SPAN_LINK_COUNT_LIMIT", "");
    otel_yaml_take_(y, limits, "event_attribute_count_limit", "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "");
    otel_yaml_take_(y, limits, "link_attribute_count_limit", "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "");
    otel_yaml_sampler_(y, otel_yaml_in_(y, part, "sampler"));
    if (!part || otel_yaml_empty_(y, part)) otel_yaml_set_(y, "OTEL_TRACES_SAMPLER", "", "always_off");      /* no provider: nobody is told of a trace that nobody gets */
    otel_yaml_known_(y, limits, "tracer_provider.limits", "attribute_value_length_limit\0attribute_count_limit\0event_count_limit\0link_count_limit\0event_attribute_count_limit\0link_attribute_count_limit\0");
    otel_yaml_known_(y, part, "tracer_provider", "processors\0limits\0sampler\0");
    part = otel_yaml_in_(y, root, "meter_provider");
    otel_yaml_ways_(y, otel_yaml_list_(y, part, "readers", "meter_provider.readers"), "METRICS", "", "meter_provider.readers");
    otel_yaml_take_(y, part, "exemplar_filter", "OTEL_METRICS_EXEMPLAR_FILTER", "");
    otel_yaml_known_(y, part, "meter_provider", "readers\0exemplar_filter\0");
    part = otel_yaml_in_(y, root, "logger_provider");
    limits = otel_yaml_in_(y, part, "limits");
    otel_yaml_ways_(y, otel_yaml_list_(y, part, "processors", "logger_provider.processors"), "LOGS", "BLRP", "logger_provider.processors");
    otel_yaml_take_(y, limits, "attribute_value_length_limit", "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", "");
    otel_yaml_take_(y, limits, "attribute_count_limit", "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", "");
    otel_yaml_known_(y, limits, "logger_provider.limits", "attribute_value_length_limit\0attribute_count_limit\0");
    otel_yaml_known_(y, part, "logger_provider", "processors\0limits\0");
    otel_yaml_known_(y, root, "", "file_format\0disabled\0log_level\0attribute_limits\0resource\0propagator\0tracer_provider\0meter_provider\0logger_provider\0instrumentation/development\0distribution\0");
}

/* To the exporters of the program's own. */
OTEL_FN_ int otel_yaml_send_(void *yaml, const otel_request_t *request)
{
    const otel_yaml_exporter_t *e = &((const otel_yaml_t *)yaml)->exporter_[request->signal];
    return e->send ? (e->send)(e->user, request) : 404;
}

/* The program's attributes, and those of the file that it does not give; .service and .version are of the program's too. */
OTEL_FN_ void otel_yaml_merge_(otel_yaml_t *y, otel_posix_options_t *o)
{
    size_t i, k, n = 0;
    for (i = 0; o->attributes && i < o->attributes_len && n < OTEL_YAML_ATTRIBUTES_; i++) y->all_[n++] = o->attributes[i];
    for (i = 0; i < y->attributes_len_; i++) {
        const char *key = y->attributes_[i].key;
        bool given = (o->service && strcmp(key, "service.name") == 0) || (o->version && strcmp(key, "service.version") == 0);
        for (k = 0; o->attributes && k < o->attributes_len && !given; k++) given = o->attributes[k].key && strcmp(o->attributes[k].key, key) == 0;
        if (given) continue;
        if (n < OTEL_YAML_ATTRIBUTES_) y->all_[n++] = y->attributes_[i];
        else otel_yaml_note_(y, "resource.attributes: %.80s is not taken: there are more than %u", key, OTEL_YAML_ATTRIBUTES_);
    }
    o->attributes = y->all_;
    o->attributes_len = n;
}

OTEL_API_ otel_result_t otel_yaml_start_with(otel_yaml_t *y, const otel_posix_options_t *options)
{
    otel_posix_options_t o;
    otel_result_t result;
    unsigned i;
    bool own = false;
    if (!y) return OTEL_E_NULL;
    if (!y->open_) return OTEL_E_CONFIG;
    if (options) o = *options;
    else memset((void *)&o, 0, sizeof o);
    if (!y->settings_len_) otel_yaml_mean_(y);
    if (y->full_) {
        otel_yaml_note_(y, "the file says more than %u bytes", OTEL_YAML_TEXT_);
        return OTEL_E_CONFIG;
    }
    o.setting = otel_yaml_setting;
    o.setting_user = y;
    otel_yaml_merge_(y, &o);
    for (i = 0; i < OTEL_SIGNALS; i++) own = own || y->exporter_[i].send;
    if (own && y->http_) otel_yaml_note_(y, "%s", "otlp_http is not taken beside an exporter of the program: its signals go nowhere");
    if (o.send && (own || y->http_)) otel_yaml_note_(y, "%s", "the program sends by itself (.send): endpoint, headers, timeout and compression of the file, and exporters of the program's own, are not taken");
    if (own && !o.send) {
        o.send = otel_yaml_send_;
        o.user = y;
    }
    if (!o.sampler.decide) o.sampler = y->sampler_;
    if (!o.propagator) o.propagator = &y->propagator_;
    result = otel_posix_start_with(&o);
    if (result == OTEL_OK && y->error_[0]) OTEL_POSIX_IGNORED_(OTEL_LOAD_ACQUIRE_(&otel_posix_v0_), "", "%s", y->error_);
    return result;
}
OTEL_C_END_
#endif

#if !OTEL_ENABLED
OTEL_C_BEGIN_
/* Off: all is well, and nothing is in the model. */
OTEL_API_ otel_result_t otel_yaml_parse(otel_yaml_t *yaml, const char *path) { OTEL_WHEN_OFF_((void)yaml; (void)path; return OTEL_OK) }
OTEL_API_ otel_result_t otel_yaml_register(otel_yaml_t *yaml, otel_yaml_component_t *component) { OTEL_WHEN_OFF_((void)yaml; (void)component; return OTEL_OK) }
OTEL_API_ const char *otel_yaml_property(const otel_yaml_properties_t *properties, const char *path) { OTEL_WHEN_OFF_((void)properties; (void)path; return NULL) }
OTEL_API_ const char *otel_yaml_get(const otel_yaml_t *yaml, const char *path) { OTEL_WHEN_OFF_((void)yaml; (void)path; return NULL) }
OTEL_API_ otel_result_t otel_yaml_start_with(otel_yaml_t *yaml, const otel_posix_options_t *options) { OTEL_WHEN_OFF_((void)yaml; (void)options; return OTEL_OK) }
OTEL_API_ const char *otel_yaml_setting(void *yaml, const char *name) { OTEL_WHEN_OFF_((void)yaml; (void)name; return NULL) }
OTEL_API_ const char *otel_yaml_error(const otel_yaml_t *yaml) { OTEL_WHEN_OFF_((void)yaml; return "") }
OTEL_API_ void otel_yaml_close(otel_yaml_t *yaml) { OTEL_WHEN_OFF_((void)yaml) }
OTEL_C_END_
#endif
#endif
