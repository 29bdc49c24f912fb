package trainer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
)

func TestRunReportsEveryStepAndEpoch(t *testing.T) {
	spec := testSpec(t)
	var rec recorder
	// Right for more images from epoch to epoch, but for the last one.
	f := &fakeEngine{scores: func(step int, image int32) bool {
		return int(image)%10 < map[int]int{6: 3, 12: 7, 18: 9, 24: 5}[step]
	}}
	if err := Run(t.Context(), spec, rec.deps(f)); err != nil {
		t.Fatal(err)
	}
	steps := rec.of(run.EventStep, "")
	// 40 images: test 8, val ceil(0.2·32) = 7, train 25: 7 steps of 4 with a last batch of one.
	if want := 28; len(steps) != want {
		t.Fatalf("%d steps, want %d", len(steps), want)
	}
	for i, e := range steps {
		if e.Step != i+1 || e.Epoch != i/7+1 {
			t.Errorf("step %d says step %d, epoch %d", i+1, e.Step, e.Epoch)
		}
		if want := 0.01 * (1 - float64(i)/28); e.LR != want {
			t.Errorf("step %d: lr %g, want %g", i+1, e.LR, want)
		}
		loss, _ := e.Values.Get("loss")
		shape, _ := e.Values.Get("loss_shape")
		tone, _ := e.Values.Get("loss_tone")
		if loss != shape+tone || e.ImagesPerS <= 0 {
			t.Errorf("step %d: %+v", i+1, e)
		}
	}
	if got := len(rec.of(run.EventEpoch, run.Val)); got != 4 {
		t.Errorf("%d validations, want 4", got)
	}
	if got := rec.of(run.EventEpoch, run.Test); len(got) != 1 || got[0].File != "test.json" || got[0].Counts.Images != 8 {
		t.Errorf("test events: %+v", got)
	}
	left, err := filepath.Glob(filepath.Join(spec.Dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range left {
		if b := filepath.Base(name); b == ResumeFile || strings.HasPrefix(b, "kept-") || strings.HasPrefix(b, ".") {
			t.Errorf("%s was left behind", b)
		}
	}
}

// The selection rule: the highest value, of equal ones the earliest, never a NaN.
func TestBestEpoch(t *testing.T) {
	for _, c := range []struct {
		name  string
		right [4]int // of ten, per epoch
		want  []int  // epochs that were announced
	}{
		{"rising", [4]int{1, 3, 6, 9}, []int{1, 2, 3, 4}},
		{"tie keeps the earlier", [4]int{6, 6, 6, 6}, []int{1}},
		{"peak", [4]int{2, 9, 4, 9}, []int{1, 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var rec recorder
			f := &fakeEngine{scores: func(step int, image int32) bool { return int(image)%10 < c.right[step/7-1] }}
			if err := Run(t.Context(), testSpec(t), rec.deps(f)); err != nil {
				t.Fatal(err)
			}
			var got []int
			for _, e := range rec.of(run.EventBest, "") {
				got = append(got, e.Epoch)
			}
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("best epochs %v, want %v", got, c.want)
			}
			if test := rec.of(run.EventEpoch, run.Test)[0]; test.Epoch != c.want[len(c.want)-1] {
				t.Errorf("tested epoch %d", test.Epoch)
			}
		})
	}
}

func TestLossThatIsNoNumberEndsTheRun(t *testing.T) {
	var rec recorder
	err := Run(t.Context(), testSpec(t), rec.deps(&fakeEngine{nanAt: 9}))
	var nan *NotFiniteError
	if !errors.As(err, &nan) || nan.Step != 9 || nan.Epoch != 2 || nan.Task != "tone" {
		t.Fatalf("got %v", err)
	}
	if want := "loss of tone became NaN at step 9 (epoch 2); the loss of the step before was 3.25"; !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %q, want %q …", err, want)
	}
	if n := len(rec.of(run.EventStep, "")); n != 8 {
		t.Errorf("%d steps were reported, want 8", n)
	}
}

func TestDataAtFaultIsAnInputError(t *testing.T) {
	spec := testSpec(t)
	spec.Data.CSV = filepath.Join(t.TempDir(), "none.csv")
	var rec recorder
	if err := Run(t.Context(), spec, rec.deps(&fakeEngine{})); !errors.Is(err, ErrInput) {
		t.Errorf("got %v", err)
	}
}

// A run that is stopped after any step and resumed ends with the weights of one
// that was not, and reports every step once.
func TestResumeGivesTheSameBits(t *testing.T) {
	spec := testSpec(t)
	var whole recorder
	if err := Run(t.Context(), spec, whole.deps(&fakeEngine{})); err != nil {
		t.Fatal(err)
	}
	want := bestBytes(t, spec, whole)
	for stop := 1; stop <= 28; stop += 3 {
		t.Run(fmt.Sprint("stopped after step ", stop), func(t *testing.T) {
			spec := spec
			spec.Dir = t.TempDir()
			ctx, cancel := context.WithCancel(t.Context())
			var rec recorder
			err := Run(ctx, spec, rec.deps(&fakeEngine{onStep: func(step int) {
				if step == stop {
					cancel()
				}
			}}))
			if !errors.Is(err, ErrStopped) {
				t.Fatalf("got %v", err)
			}
			spec.Resume = true
			if err := Run(t.Context(), spec, rec.deps(&fakeEngine{})); err != nil {
				t.Fatal(err)
			}
			if got := bestBytes(t, spec, rec); !bytes.Equal(got, want) {
				t.Error("the best weights differ from those of an uninterrupted run")
			}
			steps := rec.of(run.EventStep, "")
			for i, e := range steps {
				if e.Step != i+1 {
					t.Fatalf("event %d is of step %d", i, e.Step)
				}
			}
			if len(steps) != 28 {
				t.Errorf("%d steps, want 28", len(steps))
			}
		})
	}
}

// bestBytes is the last announced checkpoint.
func bestBytes(t *testing.T, spec run.Spec, rec recorder) []byte {
	t.Helper()
	best := rec.of(run.EventBest, "")
	b, err := os.ReadFile(filepath.Join(spec.Dir, best[len(best)-1].File))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestResumeRefusesWhatDoesNotFit(t *testing.T) {
	spec := testSpec(t)
	ctx, cancel := context.WithCancel(t.Context())
	var rec recorder
	err := Run(ctx, spec, rec.deps(&fakeEngine{onStep: func(step int) {
		if step == 10 {
			cancel()
		}
	}}))
	if !errors.Is(err, ErrStopped) {
		t.Fatal(err)
	}
	path := filepath.Join(spec.Dir, ResumeFile)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	spec.Resume = true
	flipped := bytes.Clone(good)
	flipped[len(flipped)-10] ^= 1
	for _, c := range []struct {
		name  string
		state []byte
		spec  func(*run.Spec)
		want  string
	}{
		{"cut", good[:len(good)-7], nil, "cut short"},
		{"damaged", flipped, nil, "checksum"},
		{"empty", nil, nil, "cut short"},
		{"something else", []byte("what is this, a text file?"), nil, "no resume state"},
		{"header too long", []byte(resumeMagic + "\xff\xff\xff\xff"), nil, "claims"},
		{"another config", good, func(s *run.Spec) { s.ConfigDigest = "d" }, "another config"},
		{"another run", good, func(s *run.Spec) { s.ID = "r2" }, "belongs to run r1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := os.WriteFile(path, c.state, 0o600); err != nil {
				t.Fatal(err)
			}
			spec := spec
			if c.spec != nil {
				c.spec(&spec)
			}
			err := Run(t.Context(), spec, rec.deps(&fakeEngine{}))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// Without a resume state a resumed run starts from the beginning and says so.
func TestResumeWithoutStateStartsAnew(t *testing.T) {
	spec := testSpec(t)
	spec.Resume = true
	var rec recorder
	if err := Run(t.Context(), spec, rec.deps(&fakeEngine{})); err != nil {
		t.Fatal(err)
	}
	log := rec.of(run.EventLog, "")
	if last := log[len(log)-1].Message; !strings.Contains(last, "from the beginning") {
		t.Errorf("the log ends with %q", last)
	}
}

// The receiver dies with the last events not kept. Resumed, the run says from
// where on it reports, and nothing is missing after that.
func TestResumeReportsWhatNobodyKept(t *testing.T) {
	for _, unkept := range []int{1, 3, 12} { // 12 events reach back over an epoch and its best
		t.Run(fmt.Sprint(unkept, " events"), func(t *testing.T) {
			spec := testSpec(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var rec recorder
			deps := rec.deps(&fakeEngine{onStep: func(step int) {
				if step == 10 {
					cancel()
				}
			}})
			deps.Pending = func() []run.Event { return slices.Clone(rec.events[len(rec.events)-min(unkept, len(rec.events)):]) }
			if err := Run(ctx, spec, deps); !errors.Is(err, ErrStopped) {
				t.Fatal(err)
			}
			kept := slices.Clone(rec.events[:len(rec.events)-unkept])

			spec.Resume = true
			var again recorder
			if err := Run(t.Context(), spec, again.deps(&fakeEngine{})); err != nil {
				t.Fatal(err)
			}
			from := again.events[slices.IndexFunc(again.events, func(e run.Event) bool { return e.State == run.Running })]
			kept = slices.DeleteFunc(kept, func(e run.Event) bool { return e.Step > from.Step || e.Epoch > from.Epoch+1 })
			all := recorder{events: append(kept, again.events...)}
			steps := all.of(run.EventStep, "")
			if len(steps) != 28 {
				t.Errorf("%d steps in all, want 28", len(steps))
			}
			for i, e := range steps {
				if e.Step != i+1 {
					t.Fatalf("event %d is of step %d", i, e.Step)
				}
			}
			if n := len(all.of(run.EventEpoch, run.Val)); n != 4 {
				t.Errorf("%d validations, want 4", n)
			}
			if best := all.of(run.EventBest, ""); len(best) == 0 || best[0].Epoch != 1 {
				t.Errorf("best events %v", best)
			}
		})
	}
}
