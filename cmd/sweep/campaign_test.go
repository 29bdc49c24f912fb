package main

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// TestCampaign kills the supervisor, the worker or both at random moments, again
// and again. After every round the store must verify, no announced best may be
// lost, nothing may be called live that is not, and a resumed run must end with
// the bits of one that was left alone.
//
// SWEEP_CAMPAIGN is the number of rounds (3 with SWEEP_SLOW alone), SWEEP_SEED
// chooses the moments: make campaign ROUNDS=50 SEED=1.
func TestCampaign(t *testing.T) {
	rounds := envInt(t, "SWEEP_CAMPAIGN", 0)
	if rounds == 0 && os.Getenv("SWEEP_SLOW") == "" {
		t.Skip("slow: set SWEEP_CAMPAIGN to a number of rounds, or SWEEP_SLOW=1")
	}
	if rounds == 0 {
		rounds = 3
	}
	seed := envInt(t, "SWEEP_SEED", 1)
	chance := rand.New(rand.NewPCG(uint64(seed), 0))

	whole := newProgram(t)
	whole.run(0, tiny...)
	c := campaign{program: newProgram(t), want: whole.tensors(whole.runs()[0].ID), best: map[string]int{}}
	for round := range rounds {
		victim := []string{"supervisor", "worker", "both"}[chance.IntN(3)]
		after := time.Duration(chance.IntN(8000)) * time.Millisecond
		outcome := c.round(victim, after)
		t.Logf("round %d: %s killed after %v: run %s is %s", round+1, victim, after, outcome.ID, outcome.State)
		if t.Failed() {
			t.Fatalf("round %d of seed %d failed", round+1, seed)
		}
	}
	c.finish()
	t.Logf("%d rounds of seed %d; %d runs, %d of them resumed; all done with the same bits", rounds, seed, len(c.runs()), c.resumed)
}

func envInt(t *testing.T, name string, without int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return without
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%q: want a number from 1", name, text)
	}
	return n
}

type campaign struct {
	*program
	want    []byte // the weights of an uninterrupted run
	resumed int

	mu   sync.Mutex
	best map[string]int // run → the last best epoch that a client heard of
}

// round goes on with an unfinished run, or starts one, kills the victim after a
// while, and checks what is left.
func (c *campaign) round(victim string, after time.Duration) sweep.Listing {
	t := c.t
	t.Helper()
	conn := c.connect()
	id := ""
	for _, r := range c.runs() {
		if r.State.Resumable() {
			id = r.ID
		}
	}
	if id != "" {
		if err := conn.Resume(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		c.resumed++
	} else {
		c.start(conn, 2, 42)
		list := c.runs()
		id = list[len(list)-1].ID
	}
	watching := make(chan error, 1)
	go func() { watching <- conn.Watch(t.Context(), nil, c.hear) }()

	time.Sleep(after)
	info, err := conn.Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	record, err := conn.Reader(t.Context()).Run(id)
	if err != nil {
		t.Fatal(err)
	}
	worker := record.Process.PID
	if victim != "worker" {
		kill(t, info.PID)
	}
	if victim != "supervisor" {
		kill(t, worker)
	}
	if victim == "worker" {
		until(t, "the run ends", func() bool {
			r, err := conn.Reader(t.Context()).Run(id)
			if err != nil {
				t.Fatal(err)
			}
			return r.State.Ended()
		})
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
		<-watching
		c.end()
	} else {
		<-watching
		<-conn.Done()
		c.awaitWorkers()
	}
	c.check()
	for _, r := range c.runs() {
		if r.ID == id {
			return r
		}
	}
	t.Fatalf("run %s is lost", id)
	return sweep.Listing{}
}

func kill(t *testing.T, pid int) {
	t.Helper()
	if pid <= 0 {
		return // the run had ended, or its worker had not begun
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		t.Fatal(err)
	}
}

// hear remembers the bests that were announced; a later start of the run may
// forget those after its last saved epoch.
func (c *campaign) hear(batch []run.Event) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range batch {
		switch {
		case e.Type == run.EventBest:
			c.best[e.Run] = e.Epoch
		case e.Type == run.EventState && e.State == run.Running && e.Epoch < c.best[e.Run]:
			delete(c.best, e.Run)
		}
	}
	return nil
}

// check looks at what the dead left behind.
func (c *campaign) check() {
	t := c.t
	t.Helper()
	c.run(0, "store", "verify")
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range c.runs() {
		if !r.State.Ended() {
			t.Errorf("run %s is called %s, but nobody works on it", r.ID, r.State)
		}
		if epoch := c.best[r.ID]; epoch > 0 && (r.Best == nil || r.Best.Epoch < epoch) {
			t.Errorf("run %s: the best of epoch %d was announced, the store has %+v", r.ID, epoch, r.Best)
		}
		if r.Best != nil {
			weights := c.tensors(r.ID)
			if r.State == run.Done && !bytes.Equal(weights, c.want) {
				t.Errorf("run %s: its weights differ from those of an uninterrupted run", r.ID)
			}
		}
	}
}

// finish resumes what is not done and checks all of it.
func (c *campaign) finish() {
	c.t.Helper()
	for _, r := range c.runs() {
		if r.State.Resumable() {
			c.run(0, "runs", "resume", r.ID)
			c.resumed++
		}
	}
	c.check()
	for _, r := range c.runs() {
		if r.State != run.Done {
			c.t.Errorf("in the end run %s is %s", r.ID, r.State)
		}
	}
}
