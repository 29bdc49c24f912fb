package weights

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// published are the public ImageNet weights of a backbone under the file names
// that their publishers gave them.
type published struct {
	torchvision []string // in the hub cache of torch
	timm        string   // repository of the Hugging Face hub, whose file is model.safetensors
}

func publishedWeights() map[string]published {
	return map[string]published{
		"resnet18":        {[]string{"resnet18-f37072fd.pth"}, "resnet18.a1_in1k"},
		"resnet50":        {[]string{"resnet50-11ad3fa6.pth", "resnet50-0676ba61.pth"}, "resnet50.a1_in1k"},
		"efficientnet_b4": {[]string{"efficientnet_b4_rwightman-23ab8bcd.pth"}, "efficientnet_b4.ra2_in1k"},
		"convnext_base":   {[]string{"convnext_base-6075fbad.pth"}, "convnext_base.fb_in22k_ft_in1k"},
	}
}

// names lists the file names that are known in a folder of weights, the
// preferred first.
func (p published) names(model string) []string {
	return slices.Concat([]string{model + ".safetensors", p.timm + ".safetensors", model + ".pth"}, p.torchvision)
}

// NotFoundError says where known weights were looked for in vain.
type NotFoundError struct {
	Model  string
	Names  []string // file names that would have done in Dir
	Dir    string
	Caches []string // folders of torch and Hugging Face
}

func (e *NotFoundError) Error() string {
	return fmt.Sprintf("there is none of %s in %s, and none in the caches of torch and Hugging Face (%s): sweep weights fetch %s --to %s loads them, or name a file under pretrained",
		strings.Join(e.Names, ", "), e.Dir, strings.Join(e.Caches, ", "), e.Model, e.Dir)
}

// Find returns the file of a backbone's public weights: under a known name in
// dir, then in the user's caches of torch and Hugging Face. The error is a
// *NotFoundError when there is none.
func Find(model, dir string, getenv func(string) string) (string, error) {
	p, ok := publishedWeights()[model]
	if !ok {
		return "", fmt.Errorf("weights: no public weights of %q are known", model)
	}
	for _, name := range p.names(model) {
		if file := filepath.Join(dir, name); isFile(file) {
			return file, nil
		}
	}
	torch, hub := torchDir(getenv), hubDir(getenv)
	for _, name := range p.torchvision {
		if file := filepath.Join(torch, name); isFile(file) {
			return file, nil
		}
	}
	if file, err := findInHub(filepath.Join(hub, "models--timm--"+p.timm)); err != nil || file != "" {
		return file, err
	}
	return "", &NotFoundError{model, p.names(model), dir, []string{torch, hub}}
}

// findInHub returns the weights of a repository in Hugging Face's cache: of the
// revision that "main" stands for there, else the newest; empty for none.
func findInHub(repository string) (string, error) {
	for _, name := range []string{"model.safetensors", "pytorch_model.bin"} {
		if main, err := os.ReadFile(filepath.Join(repository, "refs", "main")); err == nil {
			file := filepath.Join(repository, "snapshots", filepath.Base(strings.TrimSpace(string(main))), name)
			if isFile(file) {
				return file, nil
			}
		}
		snapshots, err := filepath.Glob(filepath.Join(escapeGlob(repository), "snapshots", "*", name))
		if err != nil {
			return "", err
		}
		if file, err := newest(snapshots); err != nil || file != "" {
			return file, err
		}
	}
	return "", nil
}

// hubDir is where Hugging Face keeps downloads: $HF_HUB_CACHE, its former name,
// $HF_HOME/hub or the user's cache.
func hubDir(getenv func(string) string) string {
	for _, name := range []string{"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"} {
		if dir := getenv(name); dir != "" {
			return dir
		}
	}
	if dir := getenv("HF_HOME"); dir != "" {
		return filepath.Join(dir, "hub")
	}
	return filepath.Join(cacheDir(getenv), "huggingface", "hub")
}

// torchDir is where torch keeps downloads: $TORCH_HOME/hub/checkpoints or the user's cache.
func torchDir(getenv func(string) string) string {
	if dir := getenv("TORCH_HOME"); dir != "" {
		return filepath.Join(dir, "hub", "checkpoints")
	}
	return filepath.Join(cacheDir(getenv), "torch", "hub", "checkpoints")
}

func cacheDir(getenv func(string) string) string {
	if dir := getenv("XDG_CACHE_HOME"); dir != "" {
		return dir
	}
	return filepath.Join(getenv("HOME"), ".cache")
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// newest is the last written of several files, empty for none.
func newest(files []string) (string, error) {
	var best string
	var at int64
	for _, f := range files {
		info, err := os.Stat(f)
		if errors.Is(err, fs.ErrNotExist) {
			continue // a link to a file that was cleaned away
		} else if err != nil {
			return "", err
		}
		if t := info.ModTime().UnixNano(); best == "" || t > at {
			best, at = f, t
		}
	}
	return best, nil
}

// escapeGlob takes the meaning from the letters that filepath.Glob knows.
func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}
