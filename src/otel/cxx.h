/* Forms for C++11, and for -pedantic before C++20, where designated initialisers are not part of the language. The rest
   of C++ stands where it belongs, beside the macros of C.

     otel_scoped_span span("read_sensor", OTEL_CLIENT);
     span.set("sensor.id", id, "bus", "i2c1");
     if (v < 0) return span.error(v, "i2c nack");

     otel_scoped_span named("GET " + route);              // a name that is no literal is copied: std::string, std::string_view

     static otel_counter<8> reads("sensor.reads", "{read}");
     reads.add(1, "bus", "i2c1");
     static const double steps[] = { 0.001, 0.01, 0.1, 1 };
     static otel_histogram<4> took("sensor.read.duration", steps, "s");

   For otel_init and the like, fill a struct: otel_config_t c = otel_config_t(); c.service = "boiler"; otel_init(&otel, c); */
#ifndef OTEL_CXX_H
#define OTEL_CXX_H
#include "compiler.h"
#include "config.h"
#include "counter.h"
#include "error.h"
#include "event.h"
#include "histogram.h"
#include "span.h"
#include "status.h"

#ifdef __cplusplus
/* A constructor's object must have a name: one without ends at once. */
#  if __cplusplus >= 201703L && __has_cpp_attribute(nodiscard) >= 201907L
#    define OTEL_NAMED_ [[nodiscard]]
#  else
#    define OTEL_NAMED_
#  endif

/* A span from here to the closing brace, current in between, with `bytes` of scratch: of one thread and one block. It does not move:
   no copies, and none by `new`; what begins in one callback and ends in another is an otel_span_t with otel_span_start. A scope
   is named (OTEL_FILE_SCOPE may stand for something that is declared later, so it is not looked at). */
template <unsigned bytes> class OTEL_NAME_(otel_scoped_span_) {
public:
    OTEL_NAMED_ explicit OTEL_NAME_(otel_scoped_span_)(const char *name, otel_kind_t kind = OTEL_INTERNAL, const otel_context_t *parent = NULL, const otel_scope_t *scope = NULL)
    {
        begin_(name, kind, parent, scope);
    }
    OTEL_NAMED_ explicit OTEL_NAME_(otel_scoped_span_)(const otel_span_options_t &options) { begin_(options); }
    /* The name is copied, up to 1,024 bytes of it, into the span's scratch; what finds no room there has no name. */
    template <class T, size_t = sizeof(static_cast<const char *>(static_cast<const T *>(NULL)->data()))>
    OTEL_NAMED_ explicit OTEL_NAME_(otel_scoped_span_)(const T &name, otel_kind_t kind = OTEL_INTERNAL, const otel_context_t *parent = NULL, const otel_scope_t *scope = NULL)
    {
        char text[OTEL_NAME_MAX_ + 5u];                       /* a character more: so that what is cut is whole */
        const size_t n = name.size() < sizeof text - 1u ? name.size() : sizeof text - 1u;
        if (n) memcpy(text, name.data(), n);
        text[n] = 0;
        begin_(text, kind, parent, scope);
        otel_span_rename(memory_, text);
        memory_->name_ = "";
    }
    ~OTEL_NAME_(otel_scoped_span_)() { otel_span_end(memory_); }
    OTEL_NAME_(otel_scoped_span_)(const OTEL_NAME_(otel_scoped_span_) &) = delete;
    OTEL_NAME_(otel_scoped_span_) &operator=(const OTEL_NAME_(otel_scoped_span_) &) = delete;
    static void *operator new(size_t) = delete;
    static void *operator new[](size_t) = delete;

    /* For all other calls: otel_span_rename(span.get(), "other"). */
    otel_span_t *get() { return memory_; }
    template <class... A> void set(const A &...pairs) { otel_span_set(memory_, pairs...); }
    template <class N, class... A> void event(const N &name, const A &...pairs) { otel_span_event(memory_, name, pairs...); }
    int error(int code, const char *message) { return otel_span_error(memory_, code, message); }

private:
    void begin_(const char *name, otel_kind_t kind, const otel_context_t *parent, const otel_scope_t *scope)
    {
        otel_span_options_t options = otel_span_options_t();
        options.name = name;
        options.kind = kind;
        options.parent = parent;
        options.scope = scope;
        begin_(options);
    }
    void begin_(otel_span_options_t options)
    {
        options.bytes = sizeof memory_;
        (void)otel_span_start_with(memory_, &options);
        otel_span_enter(memory_);
    }
    otel_span_t memory_[OTEL_SPANS(bytes)];
};
typedef OTEL_NAME_(otel_scoped_span_)<OTEL_SPAN_BYTES> otel_scoped_span;

/* A counter of int64 with room for n sets of attributes (0: without attributes only). Static or at file scope; a constant
   of the program from C++14 on, in C++11 its constructor runs at start-up. */
#  if __cplusplus >= 201402L
#    define OTEL_CONSTEXPR14_ constexpr
#  else
#    define OTEL_CONSTEXPR14_
#  endif
template <size_t n> struct otel_room_ {
    otel_series_t at[n] = {};
    OTEL_CONSTEXPR14_ otel_series_t *get() { return at; }
};
template <> struct otel_room_<0> {
    OTEL_CONSTEXPR14_ otel_series_t *get() { return NULL; }
};
template <size_t n> class OTEL_NAME_(otel_counter_of_) {
public:
    explicit OTEL_CONSTEXPR14_ OTEL_NAME_(otel_counter_of_)(const char *name, const char *unit = NULL, const char *description = NULL, const otel_scope_t *scope = NULL)
        : counter_(), room_()
    {
        counter_.base_.name = name;
        counter_.base_.unit = unit;
        counter_.base_.description = description;
        counter_.base_.scope = scope;
        counter_.base_.series = room_.get();
        counter_.base_.series_len = n;
#if OTEL_METRICS_ON_
        counter_.base_.form_ = &otel_counter_form_;
#endif
    }
    OTEL_NAME_(otel_counter_of_)(const OTEL_NAME_(otel_counter_of_) &) = delete;
    OTEL_NAME_(otel_counter_of_) &operator=(const OTEL_NAME_(otel_counter_of_) &) = delete;

    OTEL_CONSTEXPR14_ otel_counter_t *get() { return &counter_; }
    template <class V, class... A> void add(V value, const A &...pairs) { otel_counter_add(&counter_, value, pairs...); }
    template <class... A> otel_series_t *bind(const A &...pairs) { return otel_counter_bind(&counter_, pairs...); }

private:
    otel_counter_t counter_;
    otel_room_<n> room_;
};
template <size_t n = 0> using otel_counter = OTEL_NAME_(otel_counter_of_)<n>;

/* A histogram with n bounds, which live as long as it does; one series, without attributes. */
template <size_t n> class OTEL_NAME_(otel_histogram_of_) {
public:
    explicit OTEL_CONSTEXPR14_ OTEL_NAME_(otel_histogram_of_)(const char *name, const double (&ascending)[n], const char *unit = NULL, const char *description = NULL, const otel_scope_t *scope = NULL)
        : histogram_(), rows_()
    {
        histogram_.base_.name = name;
        histogram_.base_.unit = unit;
        histogram_.base_.description = description;
        histogram_.base_.scope = scope;
        histogram_.base_.bounds = ascending;
        histogram_.base_.bounds_len = n;
        histogram_.base_.rows = rows_;
        histogram_.base_.rows_len = OTEL_ROW_WORDS_(0, n);
#if OTEL_METRICS_ON_
        histogram_.base_.form_ = &otel_histogram_form_;
#endif
    }
    OTEL_NAME_(otel_histogram_of_)(const OTEL_NAME_(otel_histogram_of_) &) = delete;
    OTEL_NAME_(otel_histogram_of_) &operator=(const OTEL_NAME_(otel_histogram_of_) &) = delete;

    OTEL_CONSTEXPR14_ otel_histogram_t *get() { return &histogram_; }
    template <class V> void record(V value) { otel_histogram_record(&histogram_, value); }

private:
    otel_histogram_t histogram_;
    otel_word_t rows_[OTEL_ROW_WORDS_(0, n)];
};
template <size_t n> using otel_histogram = OTEL_NAME_(otel_histogram_of_)<n>;
#endif
/*== implementation ==*/
#endif
