/* One value for each key, whatever a table says: of equal keys the last counts. Keys are compared as they go out, where a byte
   that is no UTF-8 has become '?'.
   Specification: common/README.md, "Attribute Collections", "map<string, AnyValue>". */
#ifndef OTEL_UNIQUE_H
#define OTEL_UNIQUE_H
#include "attr.h"
#include "compiler.h"
#include "wire.h"

#define OTEL_AGAIN_ 1024u         /* so far ahead is looked: keys of longer tables are the caller's to keep apart */

OTEL_C_BEGIN_
OTEL_API_ size_t otel_unique_(uint8_t *begin, uint8_t *at, uint8_t *end);
OTEL_API_ bool otel_attr_again_(const otel_attr_t *table, size_t len);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* Of the encoded attributes that stand from `begin` on the last one stands at `at` and ends at `end`. One before it with its key
   goes: how many bytes. */
OTEL_API_ size_t otel_unique_(uint8_t *begin, uint8_t *at, uint8_t *end)
{
    const uint8_t *key = at + 1;
    size_t key_size, n;
    while (*key++ & 128u) {}                                  /* behind the length: KeyValue.key, with tag and length */
    key_size = otel_field_size_(key);
    for (; begin < at; begin += n) {
        const uint8_t *other = begin + 1;
        n = otel_field_size_(begin);
        while (*other++ & 128u) {}
        if (*begin != *at || memcmp(other, key, key_size) != 0) continue;      /* reads no further than `end` */
        memmove(begin, begin + n, (size_t)(end - (begin + n)));
        return n;
    }
    return 0;
}

/* Do two keys begin with the same character as it goes out? How many bytes it takes of both; 0: no. */
OTEL_FN_ unsigned otel_key_step_(const char *a, const char *b)
{
    unsigned n = otel_utf8_step_((const uint8_t *)a, strlen(a)), m = otel_utf8_step_((const uint8_t *)b, strlen(b));
    if (n && m) return n == m && memcmp(a, b, n) == 0 ? n : 0u;
    return (n ? *a : '?') == (m ? *b : '?');
}

/* Does the key of the first attribute come again in the table of `len`? */
OTEL_API_ bool otel_attr_again_(const otel_attr_t *table, size_t len)
{
    const otel_attr_t *other = table;
    if (len > OTEL_AGAIN_) len = OTEL_AGAIN_;
    while (len-- > 1u) {
        const char *a = table->key ? table->key : "", *b = (++other)->key ? other->key : "";
        unsigned n = 1;
        while (n) {
            if (((uint8_t)*a | (uint8_t)*b) & 128u) n = otel_key_step_(a, b);
            else if (*a != *b) n = 0;
            else if (*a == 0) return true;
            a += n;
            b += n;
        }
    }
    return false;
}
OTEL_C_END_
#endif
#endif
