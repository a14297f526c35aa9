/* The thread of ports/otel_posix.h against flush, stop and fork: mutex, two conditions, no timeouts (an interval of an hour). A
   wake-up that is lost shows as a state in which nobody can go on ("invalid end state"); a child of fork that hangs likewise.

   FLUSHERS  programs that flush once each, and then one of them stops (2)
   FORK      a child is born at any moment; it begins a thread of its own, flushes and ends

   Mutants, each of which has to be noticed:
   M_NO_SECOND_LOOK  the thread goes to sleep without looking whether something was asked while it polled
   M_LOOK_UNLOCKED   it looks, and only then takes the mutex to sleep
   M_NO_SIGNAL       flush asks without waking
   M_STOP_SILENT     stop sets its mark without waking
   M_DONE_SILENT     the thread does not tell those who wait for a flush
   M_FORK_UNLOCKED   fork does not take the mutex first: the child inherits it from a thread that it does not have
   M_OLD_CONDS       the child keeps the conditions of its parent, with a sleeper that it does not have */
#ifndef FLUSHERS
#define FLUSHERS 2
#endif
#define NOBODY 255

byte owner = NOBODY;                  /* of the mutex */
bool asleep, woken;                   /* the thread, on `wake` */
byte waiting, passes;                 /* flushers on `back`, and how many of them may go */
byte asked, flushed;
bool stop, finished;
byte stops;

inline lock(me) { atomic { owner == NOBODY -> owner = me } }
inline unlock(me) { d_step { assert(owner == me); owner = NOBODY } }
inline signal_wake() { d_step { if :: asleep -> woken = true :: else fi } }
inline broadcast_back() { d_step { passes = waiting } }

/* pthread_cond_wait: the mutex is given back and sleep begins in one step */
inline wait_wake(me) { d_step { assert(owner == me); owner = NOBODY; asleep = true; woken = false } woken; d_step { asleep = false; woken = false } lock(me) }
inline wait_back(me) { d_step { assert(owner == me); owner = NOBODY; waiting++ } atomic { passes > 0 -> passes--; waiting-- } lock(me) }

proctype thread(byte me)
{
    byte seen;
    lock(me);
    do
    :: stop -> break
    :: !stop && asked != flushed ->
        seen = asked;
        unlock(me);
        skip;                         /* otel_export_flush */
        lock(me);
        flushed = seen;
#ifndef M_DONE_SILENT
        broadcast_back();
#endif
    :: !stop && asked == flushed ->
        unlock(me);
        skip;                         /* otel_export_poll */
#ifdef M_LOOK_UNLOCKED
        if
        :: !stop && asked == flushed -> lock(me); wait_wake(me)
        :: else -> lock(me)
        fi
#else
        lock(me);
#ifdef M_NO_SECOND_LOOK
        wait_wake(me)
#else
        if
        :: !stop && asked == flushed -> wait_wake(me)
        :: else
        fi
#endif
#endif
    od;
    unlock(me);
    skip;                             /* the last export */
    lock(me);
    flushed = asked;
    finished = true;
    broadcast_back();
    unlock(me)
}

proctype flusher(byte me)
{
    byte ticket;
    lock(me);
    if
    :: stop -> unlock(me)
    :: else ->
        asked++;
        ticket = asked;
#ifndef M_NO_SIGNAL
        signal_wake();
#endif
        do
        :: flushed >= ticket -> break
        :: else -> wait_back(me)
        od;
        unlock(me)
    fi;
    d_step { stops++ };
    if
    :: stops == FLUSHERS ->           /* the last one stops it */
        lock(me);
        stop = true;
#ifndef M_STOP_SILENT
        signal_wake();
#endif
        do
        :: finished -> break
        :: else -> wait_back(me)
        od;
        unlock(me)
    :: else
    fi
}

#ifdef FORK
/* The child: what it inherits is a copy of this moment; its one thread is the one that forked. */
byte child_owner;
bool child_asleep, child_woken, child_asked, child_flushed, child_waits, child_pass;

proctype child_thread()
{
    atomic { child_owner == NOBODY -> child_owner = 11 };
    do
    :: child_asked != child_flushed -> child_flushed = child_asked; if :: child_waits -> child_pass = true :: else fi; break
    :: else ->
        d_step { child_owner = NOBODY; child_asleep = true };
        child_woken;
        d_step { child_asleep = false; child_woken = false };
        atomic { child_owner == NOBODY -> child_owner = 11 }
    od;
    child_owner = NOBODY
}

proctype forker(byte me)
{
#ifdef M_FORK_UNLOCKED
    d_step { child_owner = owner; child_asleep = asleep }
#else
    lock(me);
    d_step { child_owner = owner; child_asleep = asleep };
    unlock(me);
    child_owner = NOBODY;             /* the child gives it back */
#endif
#ifdef M_OLD_CONDS
    bool ghost = child_asleep;        /* a signal may go to the sleeper who is not there */
#else
    child_asleep = false;
    bool ghost = false;
#endif
    run child_thread();
    atomic { child_owner == NOBODY -> child_owner = 10 };
    child_asked = true;
    if
    :: ghost -> ghost = false         /* taken by the ghost */
    :: !ghost && child_asleep -> child_woken = true
    :: !ghost && !child_asleep
    fi;
    do
    :: child_flushed -> break
    :: else ->
        d_step { child_owner = NOBODY; child_waits = true };
        child_pass;
        d_step { child_pass = false; child_waits = false };
        atomic { child_owner == NOBODY -> child_owner = 10 }
    od;
    child_owner = NOBODY
}
#endif

init
{
    byte i;
    atomic {
        run thread(0);
        for (i : 1 .. FLUSHERS) { run flusher(i) }
#ifdef FORK
        run forker(9)
#endif
    }
}
