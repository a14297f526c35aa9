/* The order of memory between two threads, by CBMC's model of a machine whose stores wait and overtake each other (--mm pso). CBMC
   follows no pointer between threads, so the steps of src/otel/ring.h and src/otel/series.h stand here with plain variables;
   each fence is one that the atomic operation of the same line there brings with it. tests/test_proofs.py takes them out one by
   one, and tests/models/ runs the headers themselves on real threads. */
#include "kit.h"

#define RELEASE __CPROVER_fence("WWfence", "RWfence")
#define WHOLE __CPROVER_fence("WWfence", "WRfence", "RRfence", "RWfence")

int content, published, visitors, found, done, chain = 1;

static void writer_(void)
{
    content = 1;
    RELEASE;                                                  /* otel_ring_publish_: OTEL_STORE_RELEASE_(&ring->published, end) */
    published = 1;
}

/* Who sees that a record is published sees its bytes. */
void message(void)
{
__CPROVER_ASYNC_1:
    writer_();
    if (published) HOLDS(content == 1);
}

static void visitor_(void)
{
    visitors = 1;
    WHOLE;                                                    /* otel_visit_: __atomic_fetch_add, __ATOMIC_SEQ_CST */
    found = chain;
    WHOLE;
    done = 1;
}

/* Of a visitor of a series and who takes it away one sees the other. */
void meeting(void)
{
    int seen;
__CPROVER_ASYNC_1:
    visitor_();
    chain = 0;
    WHOLE;                                                    /* otel_visited_: __atomic_fetch_add, __ATOMIC_SEQ_CST */
    seen = visitors;
    WHOLE;
    __CPROVER_assume(done);
    HOLDS(seen || !found);
}
