/* The protocol of src/otel/ring.h, step by step, for Spin. A ring of SIZE bytes; a thread that writes, a signal handler that
 * may interrupt it between any two steps, another that may interrupt both; readers on other cores that hold, read, pass and
 * let go. Each atomic { } is one access to shared memory, so all interleavings of the real accesses are tried. Spin is
 * sequentially consistent: the order of memory is the business of litmus.c.
 *
 *   spin -DOLDEST -a ring.pml && cc -O2 -DSAFETY -DVECTORSZ=2048 -o pan pan.c && ./pan -m100000
 *
 * Variants, which must hold:
 *   (none)           hosts: atomics, drop the newest
 *   OLDEST           drop the oldest
 *   MASK             bare metal: reserving and publishing run under the interrupt mask
 *   LOCKED           tasks that do not nest: each takes the port's lock, or drops its record as busy
 *   READERS=2        two exporters
 * Mutants, each of which must be caught:
 *   M_NO_REREAD      publish without looking again for what a handler left behind
 *   M_NO_OUTERMOST   publish without asking whether `published` stands where this record began
 *   M_STORE          publish the rest with a store in the place of compare-and-swap
 *   M_RESERVE_STORE  reserve with a store in the place of compare-and-swap
 *   M_ONE_READ       do not read `reserved` again behind `released`
 *   M_NO_LAPS        positions without laps
 *   M_IGNORE_HELD    evict what a reader holds
 *   M_NO_GATE        evict without the gate
 *   M_EVICT_OPEN     evict without asking whether the record is published
 *   M_NO_LOCK        tasks that do not nest write without the lock
 *   M_PASS_EARLY     a reader passes before it has read the bytes
 *   M_PASS_UNHELD    pass and hold_until work on a reader that holds nothing (an eviction may have moved its cursor)
 *   M_CURSOR_LATE    a reader looks up where it begins when it has left the gate
 */
#ifndef SIZE
#define SIZE 4                    /* bytes of the ring */
#endif
#ifndef LONGEST
#define LONGEST 3                 /* bytes of a record: 1 or LONGEST */
#endif
#ifndef READERS
#define READERS 1
#endif
#ifndef ROUNDS0
#define ROUNDS0 2                 /* records of the thread, the handler, and the handler above it */
#define ROUNDS1 1
#define ROUNDS2 1
#endif
#ifndef LOOKS
#define LOOKS 2                   /* how often a reader comes */
#endif
#define RECORDS 8

/* Positions as in ring.h: an offset, and a lap above it. */
#ifdef M_NO_LAPS
#define LAPS 1
#else
#define LAPS 8
#endif
#define OFFSET(p) ((p) & 15)
#define LAP(p) ((p) >> 4)
#define ADD(p, n) ((OFFSET(p) + (n) >= SIZE) -> ((((LAP(p) + 1) % LAPS) << 4) + OFFSET(p) + (n) - SIZE) : ((p) + (n)))
#define BETWEEN(from, to) (OFFSET(to) - OFFSET(from) + ((LAP(to) != LAP(from)) -> SIZE : 0))

/* The ring. */
byte reserved, published, released;
byte mem[SIZE];                   /* whose byte stands here */
byte created, settled, dropped, evicted;
bit gate;                         /* or the port's lock */
byte cursor[READERS], held[READERS];

/* What only the proof knows: positions without end, and the life of each record. */
byte true_reserved, true_published, true_released, true_cursor[READERS], true_held[READERS];
byte bytes_of[RECORDS], at[RECORDS], fate[RECORDS], got[READERS], lost[READERS];
#define CREATED 1
#define DROPPED 2
#define COPIED 3
#define GONE 4
byte top;                         /* 0: the thread runs; 1, 2: a handler does */
byte inside;                      /* writers that are inside */

#if defined(LOCKED)
#define RUNS true                 /* tasks run side by side */
#elif defined(MASK)
#define RUNS (top == me && gate == 0)             /* one core: a reader's gate is the mask, which keeps writers out */
#else
#define RUNS (top == me)          /* only the innermost runs */
#endif
#if defined(MASK) || defined(LOCKED)
#define GATED 0                   /* the mask or the lock is held already */
#elif defined(M_NO_GATE)
#define GATED 0
#else
#define GATED 1
#endif

/* otel_ring_policy_ with otel_ring_evict_: ok says whether there is room. */
inline make_room()
{
#ifdef OLDEST
    ok = true;
    if
    :: GATED -> atomic { RUNS -> if :: gate == 0 -> gate = 1; mine = true :: else -> ok = false fi }      /* busy */
    :: else -> skip
    fi;
    do
    :: !ok -> break
    :: else ->
        atomic { RUNS -> first = released };
        atomic { RUNS -> tight = (BETWEEN(first, reserved) + n > SIZE) };
        if
        :: !tight -> break
        :: else -> skip
        fi;
#ifndef M_EVICT_OPEN
        atomic { RUNS -> if :: first == published -> ok = false :: else -> skip fi };                      /* full of open records */
        if
        :: !ok -> break
        :: else -> skip
        fi;
#endif
        atomic { RUNS ->                          /* readers' fields move under the gate only: one step */
            i = 0;
            do
#ifndef M_IGNORE_HELD
            :: i < READERS && cursor[i] == first && held[i] != first -> ok = false; i++                    /* in flight */
            :: i < READERS && !(cursor[i] == first && held[i] != first) -> i++
#else
            :: i < READERS -> i++
#endif
            :: i == READERS -> break
            od };
        if
        :: !ok -> break
        :: else -> skip
        fi;
        atomic { RUNS -> victim = mem[OFFSET(first)];
                 assert(victim != 0 && fate[victim] == COPIED && at[victim] == true_released);
                 next = ADD(first, bytes_of[victim]) };
        atomic { RUNS ->
            i = 0;
            do
            :: i < READERS ->
                assert(!(true_cursor[i] <= at[victim] && at[victim] < true_held[i]));                      /* nobody holds it */
                if
                :: cursor[i] == first ->
                    cursor[i] = next; held[i] = next; lost[i]++;
                    true_cursor[i] = at[victim] + bytes_of[victim]; true_held[i] = true_cursor[i]
                :: else -> skip
                fi;
                i++
            :: i == READERS -> break
            od;
            evicted++ };
        atomic { RUNS -> released = next; true_released = true_released + bytes_of[victim]; fate[victim] = GONE }
    od;
    if
    :: mine -> atomic { RUNS -> gate = 0; mine = false }
    :: else -> skip
    fi
#else
    ok = false
#endif
}

/* otel_ring_reserve_: ok says whether `n` bytes at `start` are taken. */
inline reserve()
{
    do
    :: atomic { RUNS -> from = reserved; true_from = true_reserved };
       atomic { RUNS -> tight = (BETWEEN(released, from) + n > SIZE);
#if !defined(MASK) && !defined(M_ONE_READ)
                torn = false
#else
                torn = (true_released > true_from); assert(!torn)         /* a verdict from positions that never stood together */
#endif
       };
#if !defined(MASK) && !defined(M_ONE_READ)
       atomic { RUNS -> torn = (reserved != from) };
       if
       :: torn -> goto again
       :: else -> skip
       fi;
#endif
       if
       :: tight ->
            make_room();
            if
            :: !ok -> break
            :: else -> goto again
            fi
       :: else -> skip
       fi;
       atomic { RUNS ->
            start = from;
            if
#ifndef M_RESERVE_STORE
            :: reserved != from -> ok = false
            :: else ->
#else
            :: true ->
#endif
                ok = true; at[r] = true_from;
                reserved = ADD(from, n); true_reserved = true_from + n;
                assert(true_reserved - true_released <= SIZE)
            fi };
       if
       :: ok -> break
       :: else -> skip
       fi;
again: skip
    od
}

/* otel_ring_publish_. `published` only grows. */
inline publish()
{
#ifdef MASK
    atomic { RUNS -> if :: published == start -> published = reserved; true_published = true_reserved :: else -> skip fi }
#else
    atomic { RUNS -> tight = (published == start) };
#ifdef M_NO_OUTERMOST
    tight = true;
#endif
    if
    :: !tight -> skip
    :: else ->
        atomic { RUNS -> end = reserved; true_end = true_reserved };
        atomic { RUNS -> assert(true_end >= true_published); published = end; true_published = true_end };
#ifndef M_NO_REREAD
        do
        :: atomic { RUNS -> next = reserved; true_next = true_reserved };
           if
           :: next == end -> break
           :: else -> skip
           fi;
           atomic { RUNS ->
               if
#ifndef M_STORE
               :: published != end -> tight = false
               :: else ->
#else
               :: true ->
#endif
                   assert(true_next >= true_published);
                   published = next; true_published = true_next
               fi };
           if
           :: !tight -> break
           :: else -> end = next; true_end = true_next
           fi
        od
#endif
    fi
#endif
}

proctype writer(byte me; byte rounds)
{
    byte before, n, r, from, start, end, next, first, victim, i;
    byte true_from, true_end, true_next;
    bool ok, tight, torn, mine;
    do
    :: rounds == 0 -> break
    :: rounds > 0 ->
        atomic {
#ifdef LOCKED
            true ->
#else
            (me == 0 && top == 0) || top < me -> before = top; top = me;
#endif
            rounds--; inside++;
            created++; r = created; fate[r] = CREATED;
            if :: n = 1 :: n = LONGEST fi; bytes_of[r] = n }
#if defined(LOCKED) && !defined(M_NO_LOCK)
        atomic { if :: gate == 0 -> gate = 1; mine = true :: else -> mine = false fi };
        if
        :: !mine -> ok = false; goto settle
        :: else -> mine = false
        fi;
#endif
#ifdef MASK
        atomic { reserve() };
#else
        reserve();
#endif
        if
        :: !ok -> goto leave
        :: else -> skip
        fi;
        i = 0;
        do
        :: i < n -> atomic { RUNS -> mem[OFFSET(ADD(start, i))] = r; i++; if :: i == n -> fate[r] = COPIED :: else -> skip fi }
        :: i == n -> break
        od;
        publish();
leave:
#if defined(LOCKED) && !defined(M_NO_LOCK)
        atomic { if :: ok -> settled++; inside-- :: else -> dropped++; settled++; fate[r] = DROPPED; inside-- fi;
                 if :: inside == 0 -> assert(published == reserved) :: else -> skip fi;
                 gate = 0; goto done };
settle:
#endif
        atomic { RUNS ->
            if
            :: ok -> skip
            :: else -> dropped++; fate[r] = DROPPED
            fi;
            settled++; inside--; top = before;
            if
            :: inside == 0 -> assert(published == reserved && true_published == true_reserved && settled == created)
            :: else -> skip
            fi };
done:   /* what is left over in locals would only multiply the states */
        atomic { before = 0; n = 0; r = 0; from = 0; start = 0; end = 0; next = 0; first = 0; victim = 0; i = 0;
                 true_from = 0; true_end = 0; true_next = 0; ok = false; tight = false; torn = false }
    od
}

/* Walk the records in from .. to: all there, whole, in their order. */
inline walk()
{
    pos = from; true_pos = true_from;
    do
    :: pos == to -> break
    :: else ->
        atomic { r = mem[OFFSET(pos)]; assert(r != 0 && fate[r] == COPIED && at[r] == true_pos); i = 1 };
        do
        :: i < bytes_of[r] -> atomic { assert(mem[OFFSET(ADD(pos, i))] == r); i++ }
        :: else -> break
        od;
        pos = ADD(pos, bytes_of[r]); true_pos = true_pos + bytes_of[r]
    od
}

#ifdef M_PASS_UNHELD
#define HOLDS true
#else
#define HOLDS (held[me] != cursor[me])            /* only then does the cursor stand still */
#endif

/* otel_ring_pass_ and otel_ring_release_, gate held: the slowest reader's cursor frees the bytes. */
inline pass()
{
    if
    :: HOLDS ->
        atomic {
            i = true_cursor[me];
            do                                    /* what it is through with is delivered, once */
            :: i < true_to -> r = 1;
                do
                :: r < RECORDS && at[r] == i && fate[r] == COPIED -> break
                :: else -> r++; assert(r < RECORDS)
                od;
                got[me]++; i = i + bytes_of[r]
            :: else -> break
            od;
            cursor[me] = to; held[me] = to; true_cursor[me] = true_to; true_held[me] = true_to
        };
        atomic { slowest = published };
        atomic {
            i = 0; most = 0;
            do
            :: i < READERS -> if :: BETWEEN(cursor[i], slowest) >= most -> most = BETWEEN(cursor[i], slowest); who = i :: else -> skip fi; i++
            :: else -> break
            od;
            assert(true_cursor[who] >= true_released);
            r = 1;
            do
            :: r < RECORDS ->
                if
                :: fate[r] == COPIED && at[r] >= true_released && at[r] < true_cursor[who] -> fate[r] = GONE
                :: else -> skip
                fi;
                r++
            :: else -> break
            od;
            released = cursor[who]; true_released = true_cursor[who]
        }
    :: else -> skip
    fi
}

proctype reader(byte me)
{
    byte until, true_to, from, true_from, pos, true_pos, to, r, i, slowest, most, who, looks;
    do
    :: looks == LOOKS -> break
    :: else ->
        looks++;
        atomic { gate == 0 -> gate = 1 };                                     /* otel_ring_hold_ */
        atomic { until = published; true_to = true_published; assert(true_to >= true_cursor[me]) };
        atomic { held[me] = until; true_held[me] = true_to; from = cursor[me]; true_from = true_cursor[me] };
        gate = 0;
#ifdef M_CURSOR_LATE
        atomic { from = cursor[me]; true_from = true_cursor[me] };
#endif
        if
        :: to = until                                                         /* delivered */
        :: to = from; true_to = true_from                                     /* refused: hold nothing, try again later */
        :: true_to > true_from ->                                             /* the packet has room for the first record only */
           r = mem[OFFSET(from)]; true_to = true_from + bytes_of[r]; to = ADD(from, bytes_of[r])
        fi;
        atomic { gate == 0 -> gate = 1 };                                     /* otel_ring_hold_until_ */
        atomic { if :: HOLDS -> held[me] = to; true_held[me] = true_to :: else -> skip fi };
        gate = 0;
#ifdef M_PASS_EARLY
        atomic { gate == 0 -> gate = 1 };
        pass();
        gate = 0;
#endif
        walk();
#ifndef M_PASS_EARLY
        atomic { gate == 0 -> gate = 1 };
        pass();
        gate = 0;
#endif
        atomic { until = 0; true_to = 0; from = 0; true_from = 0; pos = 0; true_pos = 0; to = 0; r = 0; i = 0; slowest = 0; most = 0; who = 0 }
    od
}

init
{
    byte i, queued, r;
    atomic {
        run writer(0, ROUNDS0); run writer(1, ROUNDS1); run writer(2, ROUNDS2);
        i = 0;
        do :: i < READERS -> run reader(i); i++ :: else -> break od
    }
    atomic {
        _nr_pr == 1 ->
        assert(created == ROUNDS0 + ROUNDS1 + ROUNDS2 && settled == created && published == reserved);
        i = 0;
        do                                        /* for each reader: created = delivered + dropped + evicted + queued */
        :: i < READERS ->
            queued = 0; r = 1;
            do
            :: r <= created -> if :: (fate[r] == COPIED || fate[r] == GONE) && at[r] >= true_cursor[i] -> queued++ :: else -> skip fi; r++
            :: else -> break
            od;
            assert(created == got[i] + lost[i] + dropped + queued);
            i++
        :: else -> break
        od
    }
}
