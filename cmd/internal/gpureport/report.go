// Package gpureport is what gpucheck prints and sweep doctor reads: a JSON
// object on stdout. It needs neither cgo nor a GPU.
package gpureport

// MinDriver is the oldest CUDA driver, as cuDriverGetVersion counts (12.0), that
// the XLA plugins run on.
const MinDriver = 12000

// Report is what the CUDA driver says of this machine, and what was tried on it.
type Report struct {
	Driver  string   `json:"driver"` // the newest CUDA that the driver knows: "13.0"
	Devices []Device `json:"devices"`
	Error   string   `json:"error,omitempty"` // what failed before any device was tried: one sentence
}

// Device is one GPU, in the order in which CUDA counts them for this process.
type Device struct {
	Index             int    `json:"index"`
	Name              string `json:"name"`
	UUID              string `json:"uuid"`
	ComputeCapability string `json:"compute_capability"` // "9.0"
	SMs               int    `json:"multiprocessors"`
	MemoryTotal       int64  `json:"memory_total"` // bytes
	MemoryFree        int64  `json:"memory_free"`  // bytes, with gpucheck's own context already taken off
	SelfTest          bool   `json:"self_test"`    // a kernel gave the right values, every one
	Copy              Copy   `json:"copy"`
	Error             string `json:"error,omitempty"` // what failed: one sentence
}

// Copy is how fast memory is copied: medians, in GB/s (1e9 bytes). The host's
// memory is page-locked. Within the device each byte is read and written, and counts twice,
// as in the bandwidth of a data sheet.
type Copy struct {
	HostToDevice   float64 `json:"host_to_device"`
	DeviceToHost   float64 `json:"device_to_host"`
	DeviceToDevice float64 `json:"device_to_device"`
}

// Failure is the first thing that failed: a sentence, or empty.
func (r *Report) Failure() string {
	if r.Error != "" {
		return r.Error
	}
	for _, d := range r.Devices {
		if d.Error != "" {
			return d.Error
		}
	}
	return ""
}
