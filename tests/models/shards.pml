/* Who writes where on a host, for Spin: threads claim a shard of their own by compare-and-swap (a signal handler may do it
 * for its thread), the others share shard 0 behind a try-lock, and a thread that dies in the middle gives everything back in
 * otel_thread_end. Source: src/otel/instance.h (otel_shard_claim_, otel_record_shared_, otel_thread_end), ring.h
 * (otel_ring_lose_, otel_ring_repair_). What happens inside one ring is ring.pml's business.
 *
 *   spin -DHANDLER -a shards.pml && cc -O2 -DSAFETY -o pan pan.c && ./pan -m100000
 *
 * Left out: a thread that is killed between publishing a record and counting it (it then counts twice, as queued and as
 * dropped), and a handler that claims a shard while its thread does (the thread may then own one that it does not use).
 *
 * Mutants, each of which must be caught:
 *   M_PLAIN_CLAIM    claim with a load and a store in the place of compare-and-swap
 *   M_NO_TRY         write to shard 0 without its try-lock
 *   M_NO_REPAIR      give a shard back with the half-written record in it
 *   M_KEEP           a dead thread keeps its shard
 *   M_GATE_KEPT      a thread that died while it evicted leaves the gate shut
 *   M_SETTLE_EARLY   (with HANDLER) a handler settles its record although the writer below has yet to publish it
 *   M_COUNT_OTHERS   repair of shard 0 counts what is created and not settled by anybody
 */
#define THREADS 3
#define SHARDS 2                  /* shard 0 is the common one */
#ifndef RECORDS
#define RECORDS 1                 /* of each thread; HANDLER: one more of a handler of thread 1 */
#endif

byte owner[SHARDS];
byte reserved[SHARDS], published[SHARDS];
byte created[SHARDS], settled[SHARDS], waiting[SHARDS], busy[SHARDS], lost[SHARDS], written[SHARDS];
byte gate[SHARDS];                /* 1: a reader, 2: a writer */
byte cached[THREADS + 1];         /* 1 + shard; 0: not known */
byte begun[THREADS + 1];           /* records of this thread in shard 0 that are not settled */
byte inside[SHARDS], who[SHARDS]; /* proof: writers in a shard, and their thread */
bit handling[THREADS + 1], dead[THREADS + 1];

/* One access of thread `me`: a handler runs to its end first, and the dead do nothing. */
#define RUNS (is_handler || !handling[me])

inline claim()
{
    mine = 0; k = 1;
    do                                            /* one that is ours already */
    :: k < SHARDS -> atomic { RUNS -> if :: owner[k] == me -> mine = k :: else -> skip fi; k++ }
    :: else -> break
    od;
    if
    :: mine == 0 ->
        k = 1;
        do
        :: k < SHARDS && mine == 0 ->
#ifdef M_PLAIN_CLAIM
            atomic { RUNS -> seen = owner[k] };
            atomic { RUNS -> if :: seen == 0 -> owner[k] = me; mine = k :: else -> skip fi; k++ }
#else
            atomic { RUNS -> if :: owner[k] == 0 -> owner[k] = me; mine = k :: else -> skip fi; k++ }
#endif
        :: else -> break
        od
    :: else -> skip
    fi;
    atomic { RUNS -> cached[me] = 1 + mine }
}

/* The steps of one record after which a thread may be gone. */
inline may_die()
{
    if
    :: mortal && !is_handler -> atomic { RUNS -> dying = true }; goto end
    :: true -> skip
    fi
}

inline write()
{
    if
    :: cached[me] == 0 -> claim()
    :: else -> mine = cached[me] - 1
    fi;
    nested = false;
    if
    :: mine == 0 ->
#ifndef M_NO_TRY
        atomic { RUNS -> nested = (owner[0] == me) };
        if
        :: nested -> skip
        :: else ->
            atomic { RUNS -> if :: owner[0] == 0 -> owner[0] = me; got = true :: else -> got = false fi };
            if
            :: got -> skip
            :: else ->                            /* otel_ring_lose_ */
                atomic { RUNS -> created[0]++ };
                atomic { RUNS -> busy[0]++ };
                atomic { RUNS -> settled[0]++ };
                goto next
            fi
        fi;
#else
        skip
#endif
    :: else -> skip
    fi;
    atomic { RUNS -> assert(inside[mine] == 0 || who[mine] == me); inside[mine]++; who[mine] = me; in_shard = true; created[mine]++;
             if :: mine == 0 -> begun[me]++ :: else -> skip fi };
    may_die();
    atomic { RUNS -> if :: gate[mine] == 0 -> gate[mine] = 2; got = true :: else -> got = false fi };      /* as if it had to evict */
    may_die();
    atomic { RUNS -> if :: got -> gate[mine] = 0 :: else -> skip fi };
    atomic { RUNS -> start = reserved[mine]; reserved[mine]++ };
    may_die();
    atomic { RUNS -> if :: published[mine] == start -> written[mine] = written[mine] + reserved[mine] - start; published[mine] = reserved[mine]; got = true
                        :: else -> got = false fi };
#ifdef M_SETTLE_EARLY
    got = true;
#endif
    if
    :: got -> atomic { RUNS -> start = 1 + waiting[mine]; waiting[mine] = 0; settled[mine] = settled[mine] + start;
                       if :: mine == 0 -> begun[me] = begun[me] - start :: else -> skip fi }
    :: else -> atomic { RUNS -> waiting[mine]++ }
    fi;
    atomic { RUNS -> inside[mine]--; in_shard = false };
    if
    :: mine == 0 ->
#ifndef M_NO_TRY
        if
        :: !nested -> atomic { RUNS -> owner[0] = 0 }
        :: else -> skip
        fi
#else
        skip
#endif
    :: else -> skip
    fi;
next: skip
}

inline repair(s, n)
{
#ifndef M_GATE_KEPT
    atomic { if :: gate[s] == 2 -> gate[s] = 0 :: else -> skip fi };
#endif
    atomic { reserved[s] = published[s] };
    waiting[s] = 0;
    atomic { lost[s] = lost[s] + n };
    atomic { settled[s] = settled[s] + n }
}

proctype thread(byte me; bool mortal)
{
    byte mine, k, seen, start, left = RECORDS, count;
    bool nested, got, dying, in_shard, is_handler;
    do
    :: left == 0 -> break
    :: left > 0 -> left--; write()
    od;
end:
    atomic { !handling[me] -> dead[me] = true };  /* otel_thread_end runs in the thread itself */
    if
    :: in_shard -> inside[mine]--
    :: else -> skip
    fi;
    k = 0;
    do
    :: k < SHARDS ->
        if
        :: owner[k] == me ->
#ifndef M_NO_REPAIR
            if
            :: k > 0 -> count = created[k] - settled[k]; repair(k, count)
#ifdef M_COUNT_OTHERS
            :: k == 0 && reserved[0] != published[0] -> count = created[0] - settled[0]; repair(0, count)
            :: k == 0 && reserved[0] == published[0] -> skip
#else
            :: k == 0 -> count = begun[me]; repair(0, count)
#endif
            fi;
#endif
            assert(reserved[k] == published[k]);
#ifndef M_KEEP
            owner[k] = 0
#endif
        :: else -> skip
        fi;
        k++
    :: else -> break
    od
}

/* A signal that comes to thread 1 at any time, before its end. */
proctype handler(byte me)
{
    byte mine, k, seen, start;
    bool nested, got, dying, in_shard, is_handler = true, mortal;
    if
    :: atomic { !dead[me] -> handling[me] = true };
        write()
    :: dead[me]
    fi;
end:
    handling[me] = false
}

proctype reader()
{
    atomic { gate[1] == 0 -> gate[1] = 1 };
    gate[1] = 0;
    atomic { gate[0] == 0 -> gate[0] = 1 };
    gate[0] = 0
}

init
{
    byte s, sum;
    atomic { run thread(1, true); run thread(2, true);
#ifdef HANDLER
             run handler(1);
#else
             run thread(3, false);
#endif
             run reader() }
    atomic {
        _nr_pr == 1 ->
        s = 0;
        do
        :: s < SHARDS ->
            assert(owner[s] == 0 && gate[s] == 0 && reserved[s] == published[s]);
            assert(created[s] == settled[s] && created[s] == written[s] + busy[s] + lost[s]);
            s++
        :: else -> break
        od
    }
}
