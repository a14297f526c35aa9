/* The environment variables of the specification: configuration/sdk-environment-variables.md, protocol/exporter.md. */
#ifndef OTEL_POSIX_ENVIRONMENT_H
#define OTEL_POSIX_ENVIRONMENT_H
#include "http.h"
#include "options.h"
#include "say.h"
#include "state.h"
#include "system.h"
#include "text.h"
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* An empty variable is an unset one. The library's own may come from elsewhere. */
OTEL_FN_ const char *otel_posix_env_(const char *name)
{
    const otel_posix_state_t_ *s = OTEL_LOAD_ACQUIRE_(&otel_posix_v0_);
    const char *value = s && s->setting && strncmp(name, "OTEL_", 5) == 0 ? (s->setting)(s->setting_user, name) : getenv(name);
    return value && *value ? value : NULL;
}

OTEL_FN_ bool otel_posix_env_is_(const char *name, const char *word)
{
    const char *value = otel_posix_env_(name);
    size_t n = value ? strlen(value) : 0;
    if (!value) return false;
    otel_posix_trim_(&value, &n);
    return otel_posix_word_(value, n, word);
}

/* OTEL_LOG_LEVEL, in the words of the SDKs of several languages; unknown ones are named. */
OTEL_FN_ void otel_posix_env_level_(otel_posix_state_t_ *s)
{
    static const struct { char word[8]; uint8_t level; } levels[] = { { "none", 0 }, { "off", 0 }, { "fatal", 1 }, { "error", 1 }, { "warn", 2 }, { "warning", 2 }, { "info", 3 },
                                                                      { "debug", 4 }, { "verbose", 5 }, { "trace", 5 }, { "all", 5 } };
    const char *value = otel_posix_env_("OTEL_LOG_LEVEL");
    unsigned i;
    s->level = OTEL_LEVEL_INFO;
    for (i = 0; value && i < sizeof levels / sizeof levels[0]; i++) {
        if (!otel_posix_env_is_("OTEL_LOG_LEVEL", levels[i].word)) continue;
        s->level = (otel_level_t)levels[i].level;
        return;
    }
    if (value) OTEL_POSIX_IGNORED_(s, "write none, error, warn, info, debug or verbose", "OTEL_LOG_LEVEL=%.60s counts as info", value);
}

/* Milliseconds, or `otherwise`. */
OTEL_FN_ uint32_t otel_posix_env_number_(const otel_posix_state_t_ *s, const char *name, uint32_t otherwise)
{
    const char *value = otel_posix_env_(name), *p;
    uint32_t number;
    size_t n;
    if (!value) return otherwise;
    p = value;
    n = strlen(p);
    otel_posix_trim_(&p, &n);
    number = otel_posix_number_(p, n);
    if (number) return number;
    OTEL_POSIX_IGNORED_(s, "write a whole number above 0", "%s=%.60s is ignored", name, value);
    return otherwise;
}

/* OTEL_<SIGNAL>_EXPORTER: what it says, 0 for nothing. */
OTEL_FN_ uint8_t otel_posix_env_exporter_(const otel_posix_state_t_ *s, const char *name)
{
    const char *value = otel_posix_env_(name), *p = value;
    unsigned to = 0;
    while (p && *p) {
        size_t n = strcspn(p, ",");
        const char *word = p, *next = p + n + (p[n] == ',');
        otel_posix_trim_(&word, &n);
        if (otel_posix_word_(word, n, "otlp")) to |= OTEL_TO_HTTP_;
        else if (otel_posix_word_(word, n, "console")) to |= OTEL_TO_CONSOLE_;
        else if (otel_posix_word_(word, n, "none")) to |= OTEL_TO_NONE_;
        else if (n) OTEL_POSIX_IGNORED_(s, "this library has otlp, console and none", "%s=%.*s is ignored", name, (int)(n > 60 ? 60 : n), word);
        p = next;
    }
    return (uint8_t)to;
}

/* A copy that lives as long as the program. */
OTEL_FN_ const char *otel_posix_keep_(otel_posix_state_t_ *s, const char *text, size_t n, bool decode)
{
    char *begin = s->text.at;
    bool good = true;
    if (decode) good = otel_posix_decode_(&s->text, text, n);
    else otel_posix_put_(&s->text, text, n);
    if (!good || s->text.full || s->text.at + 1 >= s->text.end) return NULL;
    *s->text.at++ = 0;
    return begin;
}

/* The resource: the program's attributes, then those of OTEL_RESOURCE_ATTRIBUTES that it does not give itself. */
OTEL_FN_ bool otel_posix_has_(const otel_posix_state_t_ *s, const char *key)
{
    size_t i;
    for (i = 0; i < s->attributes_len; i++) {
        if (s->attributes[i].key && strcmp(s->attributes[i].key, key) == 0) return true;
    }
    return false;
}

/* What the machine says, as far as the program and the environment do not say it. In a child of fork it may say something else. */
OTEL_FN_ void otel_posix_detect_(otel_posix_state_t_ *s, otel_config_t *config)
{
    otel_resource_t r;
    size_t i, len = s->given_len;
    memset((void *)&r, 0, sizeof r);
    r.at = s->attributes + s->given_len;
    r.size = sizeof s->attributes / sizeof s->attributes[0] - s->given_len;
    r.text = s->given_text;
    r.text_size = (size_t)(s->text.end - s->given_text);
    (s->detect)(&r);
    s->attributes_len = s->given_len;
    for (i = 0; i < r.len; i++) {
        const bool name = strcmp(r.at[i].key, "service.name") == 0;
        if (otel_posix_has_(s, r.at[i].key) || (name && s->named) || (strcmp(r.at[i].key, "service.version") == 0 && config->version)) continue;
        if (name) config->service = NULL;         /* only the default so far */
        s->attributes[len++] = r.at[i];
    }
    s->attributes_len = len;
    if (r.schema_url) config->schema_url = r.schema_url;
    if (r.lost) OTEL_POSIX_IGNORED_(s, "there is room for 128 attributes and 32 KB of text", "%s", "not all that .detect found has room in the resource");
    config->attributes = s->attributes;
    config->attributes_len = s->attributes_len;
}

OTEL_FN_ void otel_posix_resource_(otel_posix_state_t_ *s, const otel_posix_options_t *o, otel_config_t *config)
{
    const char *list = otel_posix_env_("OTEL_RESOURCE_ATTRIBUTES"), *from = list, *name = otel_posix_env_("OTEL_SERVICE_NAME");
    const size_t most = sizeof s->attributes / sizeof s->attributes[0];
    size_t own = o->attributes ? o->attributes_len : 0;
    otel_posix_pair_t_ pair;
    int more;
    s->text.at = s->texts;
    s->text.end = s->texts + sizeof s->texts;
    s->text.full = false;
    s->attributes_len = 0;
    if (own > most) {
        OTEL_POSIX_IGNORED_(s, "give fewer", "only the first %u resource attributes are taken", (unsigned)most);
        own = most;
    }
    for (; s->attributes_len < own; s->attributes_len++) s->attributes[s->attributes_len] = o->attributes[s->attributes_len];
    config->service = o->service ? otel_posix_keep_(s, o->service, strlen(o->service), false) : name ? otel_posix_keep_(s, name, strlen(name), false) : NULL;
    config->version = o->version ? otel_posix_keep_(s, o->version, strlen(o->version), false) : NULL;
    while ((more = otel_posix_pair_(&from, &pair)) > 0) {
        const char *key = otel_posix_keep_(s, pair.key, pair.key_len, true), *value = otel_posix_keep_(s, pair.value, pair.value_len, true);
        if (!key || !*key || !value || s->attributes_len == most) {
            more = -1;
            break;
        }
        if (otel_posix_has_(s, key) || (strcmp(key, "service.name") == 0 && config->service) || (strcmp(key, "service.version") == 0 && config->version)) continue;
        s->attributes[s->attributes_len++] = otel_str(key, value);
    }
    if (more < 0) {                               /* specification: resource/sdk.md: one error discards the whole value */
        OTEL_POSIX_IGNORED_(s, "write key=value,key=value, with %2C for a comma and %25 for a percent sign", "%s is ignored", "OTEL_RESOURCE_ATTRIBUTES");
        s->attributes_len = own;
    }
    s->named = config->service || otel_posix_has_(s, "service.name");
    if (!s->named) {        /* unknown_service:<program> */
        char path[512];
        ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
        const char *program;
        char *begin = s->text.at;
        path[n > 0 ? n : 0] = 0;
        program = strrchr(path, '/');
        otel_posix_add_(&s->text, "unknown_service");
        if (program && program[1]) {
            otel_posix_add_(&s->text, ":");
            otel_posix_add_(&s->text, program + 1);
        }
        if (!s->text.full) config->service = begin;
    }
    config->attributes = s->attributes;
    config->attributes_len = s->attributes_len;
    if (s->text.at < s->text.end) *s->text.at++ = 0;
    s->detect = o->detect;
    s->given_len = s->attributes_len;
    s->given_text = s->text.at;
    if (s->detect) otel_posix_detect_(s, config);
}
OTEL_C_END_
#endif
#endif
