package gpureport

// advice says what mends a driver error, by the name that gorgonia.org/cu gives
// it; it knows errors newer than itself by their number only.
var advice = map[string]string{
	"OutOfMemory":                "something else uses this GPU: nvidia-smi shows what",
	"NoDevice":                   "the driver sees no GPU: look at nvidia-smi and at CUDA_VISIBLE_DEVICES, and give a container its GPU (docker run --gpus all)",
	"InvalidDevice":              "CUDA_VISIBLE_DEVICES names a GPU that is not there: nvidia-smi -L lists them",
	"EccUncorrectable":           "the GPU's memory has an error that it cannot correct: nvidia-smi -q -d ECC; restart the machine, and if it comes back replace the card",
	"NoBinaryForGpu":             "the driver has no code for this GPU: install a newer NVIDIA driver",
	"InvalidPtx":                 "the driver cannot compile for this GPU: install a newer NVIDIA driver",
	"JitCompilerNotFound":        "libnvidia-ptxjitcompiler is missing: reinstall the NVIDIA driver, or give the container the driver's \"compute\" capability",
	"SystemNotReady":             "the GPUs' switches are not up: systemctl start nvidia-fabricmanager",
	"SystemDriverMismatch":       "the driver's library and its kernel module are of different versions: restart the machine",
	"CompatNotSupportedOnDevice": "a CUDA compatibility package does not fit this GPU: take it from LD_LIBRARY_PATH, or install a newer NVIDIA driver",
	"NotInitialized":             "the NVIDIA driver did not start: load its kernel module (modprobe nvidia)",
	"OperatingSystem":            "the driver's devices cannot be opened: look at the rights of /dev/nvidia*, and give a container its GPU (docker run --gpus all)",
	"NotPermitted":               "look at the rights of /dev/nvidia*",
	"LaunchTimeout":              "a display or another program holds the GPU",
	"Unknown":                    "the driver's state is broken: nvidia-smi and dmesg say more; restart the machine",
	"UnknownErrorCode:34":        "the libcuda.so.1 that was found is the toolkit's stub: take its folder from LD_LIBRARY_PATH",
	"UnknownErrorCode:46":        "another process holds the GPU for itself: wait for it, or nvidia-smi -c DEFAULT",
	"UnknownErrorCode:222":       "the driver is too old for this program's kernel: install a newer NVIDIA driver",
}

// Explain is a driver error with what mends it.
func Explain(name string) string {
	if text, ok := advice[name]; ok {
		return name + ": " + text
	}
	return name
}
