// The Go SDK on the same work as ../host: see ../README.md for how it reports.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

const most = 1000

// discard takes batches and does nothing with them.
type discard struct{}

func (discard) ExportSpans(context.Context, []sdktrace.ReadOnlySpan) error { return nil }
func (discard) Shutdown(context.Context) error                             { return nil }

// discardLogs is the same for log records.
type discardLogs struct{}

func (discardLogs) Export(context.Context, []sdklog.Record) error { return nil }
func (discardLogs) Shutdown(context.Context) error                { return nil }
func (discardLogs) ForceFlush(context.Context) error              { return nil }

// encode is an OTLP client whose wire is a slice: transformation and marshalling as in the real one.
type encode struct{ sent int }

func (*encode) Start(context.Context) error { return nil }
func (*encode) Stop(context.Context) error  { return nil }
func (e *encode) UploadTraces(_ context.Context, spans []*tracepb.ResourceSpans) error {
	for _, s := range spans {
		b, err := proto.Marshal(s)
		if err != nil {
			return err
		}
		e.sent += len(b)
	}
	return nil
}

// collect keeps finished spans until they are exported by hand.
type collect struct{ spans []sdktrace.ReadOnlySpan }

func (c *collect) OnStart(context.Context, sdktrace.ReadWriteSpan) {}
func (c *collect) OnEnd(s sdktrace.ReadOnlySpan)                   { c.spans = append(c.spans, s) }
func (c *collect) Shutdown(context.Context) error                  { return nil }
func (c *collect) ForceFlush(context.Context) error                { return nil }

type work struct {
	run, before, after func(n int)
}

// both runs the same on two threads: a helper spins until the time begins, and all ends with the later one.
func both(run func(int)) work {
	var phase atomic.Int32
	var calls int
	return work{
		before: func(n int) {
			calls = n
			phase.Store(0)
			go func() {
				phase.Store(1)
				for phase.Load() != 2 {
				}
				run(calls)
				phase.Store(3)
			}()
			for phase.Load() != 1 {
				runtime.Gosched()
			}
		},
		run: func(n int) {
			phase.Store(2)
			run(n)
			for phase.Load() != 3 {
			}
		},
	}
}

var (
	ctx    = context.Background()
	status = 200
	keys20 [10]string
)

func queue(exporter sdktrace.SpanExporter) sdktrace.TracerProviderOption {
	return sdktrace.WithBatcher(exporter, sdktrace.WithMaxQueueSize(4096), sdktrace.WithMaxExportBatchSize(4096), sdktrace.WithBatchTimeout(time.Hour))
}

func span4(t trace.Tracer, c context.Context) func(int) {
	return func(n int) {
		for i := 0; i < n; i++ {
			_, s := t.Start(c, "GET /api/users")
			s.SetAttributes(attribute.String("http.request.method", "GET"), attribute.String("url.path", "/api/users/42"), attribute.Int("http.response.status_code", status), attribute.Float64("duration.ratio", 0.5))
			s.End()
		}
	}
}

func span10(t trace.Tracer) func(int) {
	return func(n int) {
		for i := 0; i < n; i++ {
			_, s := t.Start(ctx, "GET /api/users")
			for _, k := range keys20 {
				s.SetAttributes(attribute.String(k, "attribute-value-of20"))
			}
			s.End()
		}
	}
}

func bare(t trace.Tracer, c context.Context) func(int) {
	return func(n int) {
		for i := 0; i < n; i++ {
			_, s := t.Start(c, "GET /api/users")
			s.End()
		}
	}
}

func traces(w map[string]work) {
	batch := sdktrace.NewTracerProvider(queue(discard{}))
	flush := func(int) { batch.ForceFlush(ctx) }
	t := batch.Tracer("bench")
	for i := range keys20 {
		keys20[i] = fmt.Sprintf("attribute.key.twenty%d", i)
	}
	open, parent := t.Start(ctx, "parent")
	_ = parent
	w["span_0"] = work{run: bare(t, ctx), after: flush}
	w["span_child"] = work{run: bare(t, open), after: flush}
	w["span_child_4"] = work{run: span4(t, open), after: flush}
	w["span_4"] = work{run: span4(t, ctx), after: flush}
	w["span_10"] = work{run: span10(t), after: flush}
	w["span_event"] = work{run: func(n int) {
		for i := 0; i < n; i++ {
			_, s := t.Start(ctx, "GET /api/users")
			s.AddEvent("retry", trace.WithAttributes(attribute.Int("attempt", status)))
			s.End()
		}
	}, after: flush}
	never := sdktrace.NewTracerProvider(sdktrace.WithSampler(sdktrace.NeverSample()), queue(discard{}))
	w["span_not_sampled"] = work{run: bare(never.Tracer("bench"), ctx)}
	w["span_no_instance"] = work{run: span4(noop.NewTracerProvider().Tracer("bench"), ctx)}
	memory := tracetest.NewInMemoryExporter()
	w["span_recorder"] = work{run: span4(sdktrace.NewTracerProvider(sdktrace.WithSyncer(memory)).Tracer("bench"), ctx), after: func(int) { memory.Reset() }}

	client := &encode{}
	otlp, err := otlptrace.New(ctx, client)
	if err != nil {
		panic(err)
	}
	kept := &collect{}
	record := span4(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(kept)).Tracer("bench"), ctx)
	w["export_4"] = work{before: record, run: func(int) {
		if otlp.ExportSpans(ctx, kept.spans) != nil {
			panic("export")
		}
	}, after: func(int) { kept.spans = kept.spans[:0] }}
	full := sdktrace.NewTracerProvider(queue(otlp))
	s4, s10 := span4(full.Tracer("bench"), ctx), span10(full.Tracer("bench"))
	w["span_4_export"] = work{run: func(n int) { s4(n); full.ForceFlush(ctx) }}
	w["span_10_export"] = work{run: func(n int) { s10(n); full.ForceFlush(ctx) }}

	p := propagation.TraceContext{}
	both := propagation.NewCompositeTextMapPropagator(p, propagation.Baggage{})
	carrier := propagation.MapCarrier{"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "baggage": "userId=alice,serverNode=DF%2028,isProduction=false"}
	w["inject"] = work{run: func(n int) {
		to := propagation.MapCarrier{}
		for i := 0; i < n; i++ {
			p.Inject(open, to)
		}
	}}
	w["extract"] = work{run: func(n int) {
		for i := 0; i < n; i++ {
			p.Extract(ctx, carrier)
		}
	}}
	bag, _ := baggage.Parse("userId=alice,serverNode=DF%2028,isProduction=false")
	with := baggage.ContextWithBaggage(open, bag)
	w["inject_baggage"] = work{run: func(n int) {
		to := propagation.MapCarrier{}
		for i := 0; i < n; i++ {
			both.Inject(with, to)
		}
	}}
	w["extract_baggage"] = work{run: func(n int) {
		for i := 0; i < n; i++ {
			_ = baggage.FromContext(both.Extract(ctx, carrier)).Member("isProduction")
		}
	}}
}

func logs(w map[string]work) {
	provider := sdklog.NewLoggerProvider(sdklog.WithProcessor(sdklog.NewBatchProcessor(discardLogs{}, sdklog.WithMaxQueueSize(4096), sdklog.WithExportInterval(time.Hour))))
	logger := provider.Logger("bench")
	w["log_2"] = work{run: func(n int) {
		for i := 0; i < n; i++ {
			var r log.Record
			r.SetTimestamp(time.Now())
			r.SetSeverity(log.SeverityInfo)
			r.SetBody(attribute.StringValue("request served"))
			r.AddAttributes(attribute.String("url.path", "/api/users/42"), attribute.Int("http.response.status_code", status))
			logger.Emit(ctx, r)
		}
	}, after: func(int) { provider.ForceFlush(ctx) }}
}

func metrics(w map[string]work) {
	exponential := sdkmetric.NewView(sdkmetric.Instrument{Name: "lasted"}, sdkmetric.Stream{Aggregation: sdkmetric.AggregationBase2ExponentialHistogram{MaxSize: 160, MaxScale: 20}})
	m := sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewManualReader()), sdkmetric.WithView(exponential)).Meter("bench")
	reads, _ := m.Int64Counter("reads")
	energy, _ := m.Float64Counter("energy")
	took, _ := m.Float64Histogram("took", metric.WithExplicitBucketBoundaries(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10))
	lasted, _ := m.Float64Histogram("lasted")
	set := metric.WithAttributeSet(attribute.NewSet(attribute.String("bus", "i2c1")))
	w["counter_bound"] = work{run: func(n int) {
		for i := 0; i < n; i++ {
			reads.Add(ctx, 1, set)
		}
	}}
	w["counter_plain"] = work{run: func(n int) {
		for i := 0; i < n; i++ {
			reads.Add(ctx, 1)
		}
	}}
	w["counter_double"] = work{run: func(n int) {
		for i := 0; i < n; i++ {
			energy.Add(ctx, 1.5)
		}
	}}
	w["counter_2"] = work{run: func(n int) {
		for i := 0; i < n; i++ {
			reads.Add(ctx, 1, metric.WithAttributes(attribute.String("bus", "i2c1"), attribute.Int("line", 2)))
		}
	}}
	values := func(h metric.Float64Histogram) func(int) {
		return func(n int) {
			x := 0.001
			for i := 0; i < n; i++ {
				h.Record(ctx, x)
				if x += 0.0123; x > 11 {
					x = 0.001
				}
			}
		}
	}
	w["histogram"] = work{run: values(took)}
	w["exponential"] = work{run: values(lasted)}
	for _, name := range []string{"counter_bound", "counter_2", "histogram", "exponential"} {
		w[name+"_both"] = both(w[name].run)
	}
}

func main() {
	w := map[string]work{}
	traces(w)
	logs(w)
	metrics(w)
	names := []string{}
	for name := range w {
		names = append(names, name)
	}
	hello, _ := json.Marshal(map[string]any{"peer": "go", "version": "OpenTelemetry Go 1.47.0, " + runtime.Version(), "max": most, "cases": names})
	fmt.Println(string(hello))
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		var name string
		var n int
		if _, err := fmt.Fscanf(strings.NewReader(in.Text()), "%s %d", &name, &n); err != nil || w[name].run == nil {
			os.Exit(2)
		}
		c := w[name]
		if c.before != nil {
			c.before(n)
		}
		var a, b runtime.MemStats
		runtime.ReadMemStats(&a)
		begin := time.Now()
		c.run(n)
		took := time.Since(begin)
		runtime.ReadMemStats(&b)
		if c.after != nil {
			c.after(n)
		}
		fmt.Println(took.Nanoseconds(), b.Mallocs-a.Mallocs, b.TotalAlloc-a.TotalAlloc)
	}
}
