package data

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// What is looked at is what is prepared, broken frames and all.
func TestLookCountsAsPrepareDoes(t *testing.T) {
	for _, group := range []string{"image", "video"} {
		d := hubData(t)
		d.Group, d.AllowSkips = group, true
		for v := range 3 {
			if err := os.WriteFile(filepath.Join(d.Dir, "A", fmt.Sprintf("v%02d", v), testFrameName(6)), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		looked, err := Look(t.Context(), d, testTasks(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if left, _ := os.ReadDir(d.Prepared); len(left) != 0 || looked.Prepared {
			t.Errorf("looking has made %v", left)
		}
		prepare(t, d)
		prepared, err := Look(t.Context(), d, testTasks(), nil)
		if err != nil || !prepared.Prepared {
			t.Fatal(prepared, err)
		}
		prepared.Prepared = false
		if g, w := mustJSON(t, looked), mustJSON(t, prepared); g != w {
			t.Errorf("%s: looked\n%s\nprepared\n%s", group, g, w)
		}
		for _, l := range looked.Leaks {
			if group == "video" && (l.Shared != 0 || l.Videos != 0) || group == "image" && l.Part == "val" && l.Shared == 0 {
				t.Errorf("%s: %+v", group, l)
			}
		}
		if c := looked.Combinations; c != (run.Combinations{Count: 2, Frequent: 1, Mean: 6, Median: 6, Most: 8}) {
			t.Errorf("%+v", c)
		}
		if len(looked.Warnings) == 0 || looked.Skipped["image-broken"] != 3 {
			t.Errorf("no word of the broken frames: %+v", looked)
		}
	}
}

func TestLookOfATable(t *testing.T) {
	d := hubData(t)
	list := "image_path,action,emotion\n"
	for v := range 12 {
		for _, n := range []int{0, 6, 12} {
			list += fmt.Sprintf("%s,%s,공포\n", filepath.Join(d.Dir, "A", fmt.Sprintf("v%02d", v), testFrameName(n)), []string{"걷기", "눕기"}[v%2])
		}
	}
	d.CSV, d.Dir = filepath.Join(t.TempDir(), "x.csv"), ""
	write(t, d.CSV, []byte(list))
	o, err := Look(t.Context(), d, testTasks(), nil)
	if err != nil || o.Images != 36 || o.Folders != 0 || o.Videos != 12 || o.Tasks[0].Classes[0].Images != 18 {
		t.Errorf("%+v, %v", o, err)
	}
	if got := o.Tasks[0].Classes[2].Rare; got != "no image" {
		t.Errorf("a class without images is %q", got)
	}
}

func TestLookAlike(t *testing.T) {
	// The labels of the real data set: one pair only.
	real := [][]string{
		{
			"허리를 아치로 세우는 동작", "걷거나 달리는 동작", "머리를 들이대는 동작", "발을 숨기고 웅크리고 앉는 동작", "좌우로 뒹구는 동작",
			"납작 엎드리는 동작", "그루밍하는 동작", "배를 보여주는 동작", "허리를 아치로 세움", "앞발로 꾹꾹 누르는 동작", "옆으로 눕는 동작",
			"꼬리를 흔드는 동작", "앞발을 뻗어 휘적거리는 동작",
		},
		{"화남/불쾌", "편안/안정", "행복/즐거움", "공격성", "공포", "불안/슬픔"},
		{
			"보호자와 떨어질 때/혼자 남겨지거나 낯선장소에 있을 때", "밥그릇, 장난감과 같은 소유물을 만질 때", "산책이나 노즈워크 중", "기타",
			"산책 준비 또는 산책중일 때", "다른 동물을 보거나 낯선 사람을 만날 때 산책 나왔을 때", "다른 사람이나 동물을 만났을 때",
			"낯선 장소에 있거나 낯선 소리가 날 때", "먹을것, 장난감이 앞에 있을 때", "싫어하는 부위를 만질 때", "편안히 쓰다듬어 줄 때",
			"보호자가 집에 돌아왔을 때", "휴식시간, 자신만의 공간에 들어갔을 때(캔넬, 소파 침대 밑 등)", "잠들기 전이나 같이 누워있을 때",
			"빗질/발톱깍기/목욕 등 위생관리를 할 때", "낯선 소리가 나거나 낯선 사람을 봤을 때", "낯선 소리가 났을 때",
		},
	}
	for _, labels := range real {
		for i, a := range labels {
			for _, b := range labels[i+1:] {
				want := a == "허리를 아치로 세우는 동작" && b == "허리를 아치로 세움"
				if got := lookAlike(a, b); got != want || got != lookAlike(b, a) {
					t.Errorf("%q and %q: %v, want %v", a, b, got, want)
				}
			}
		}
	}
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"산책 준비", "산책준비", true},
		{"Lying Down", "lying_down", true},
		{"발톱깍기와 목욕", "발톱깎기와 목욕", true},
		{"class 1", "class 2", false},
		{"cat", "dog", false},
		{"happy", "unhappy", false},
		{"!", "?", false},
		{"walk", "walking", false},
		{"grooming", "grooming the tail", true},
	} {
		if got := lookAlike(c.a, c.b); got != c.want || got != lookAlike(c.b, c.a) {
			t.Errorf("%q and %q: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

func TestAlikeMergesIntoTheLarger(t *testing.T) {
	task := run.TaskOverview{Name: "action", Classes: []run.ClassOverview{
		{Label: "허리를 아치로 세움", Images: 83},
		{Label: "기타", Images: 900},
		{Label: "허리를 아치로 세우는 동작", Images: 306},
	}}
	want := []run.AlikeLabels{{
		Task: "action", From: "허리를 아치로 세움", Into: "허리를 아치로 세우는 동작",
		Line: "merge_labels: {action: {허리를 아치로 세움: 허리를 아치로 세우는 동작}}",
	}}
	if got := alike(task); !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
}
