// A CUDA driver with one small GPU that is the processor: what gpucheck calls,
// and no more. FAKE_CUDA names what goes wrong.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NO_DEVICE = 100, UNSUPPORTED_PTX = 222, NOT_FOUND = 500, ILLEGAL_ADDRESS = 700, DRIVER_MISMATCH = 803 };

typedef unsigned long long ptr;

static size_t total = 96u << 20, used = 16u << 20; // bytes; used at first by somebody else
static ptr context;

static int fault(const char *name) {
	const char *s = getenv("FAKE_CUDA");
	return s && strcmp(s, name) == 0;
}

int cuInit(unsigned flags) {
	if (fault("no device")) return NO_DEVICE;
	if (fault("driver mismatch")) return DRIVER_MISMATCH;
	if (fault("crash")) abort();
	if (fault("hang")) for (;;) pause();
	return 0;
}

int cuDriverGetVersion(int *v) { *v = fault("old driver") ? 11040 : 13000; return 0; }
int cuDeviceGetCount(int *n) { *n = 1; return 0; }
int cuDeviceGet(int *d, int i) { *d = i; return i == 0 ? 0 : INVALID_VALUE; }
int cuDeviceGetName(char *s, int n, int d) { snprintf(s, n, "Fake GPU"); return 0; }
int cuDeviceGetUuid_v2(void *id, int d) { memset(id, 0xab, 16); return 0; }
int cuDeviceGetUuid(void *id, int d) { return cuDeviceGetUuid_v2(id, d); }
int cuDeviceTotalMem_v2(size_t *n, int d) { *n = total; return 0; }

int cuDeviceGetAttribute(int *v, int attribute, int d) {
	switch (attribute) {
	case 16: *v = 4; return 0;   // multiprocessors
	case 75: *v = 9; return 0;   // compute capability, major
	case 76: *v = 0; return 0;   // and minor
	default: return INVALID_VALUE;
	}
}

int cuCtxCreate_v2(ptr *ctx, unsigned flags, int d) {
	if (fault("held")) return 46;
	context = *ctx = 0xc0ffee;
	return 0;
}
int cuCtxDestroy_v2(ptr ctx) {
	if (used != 16u << 20) fprintf(stderr, "not all memory was freed\n");
	return ctx == context ? 0 : INVALID_VALUE;
}
int cuCtxSynchronize(void) { return fault("illegal address") ? ILLEGAL_ADDRESS : 0; }

int cuMemGetInfo_v2(size_t *f, size_t *t) {
	*t = total;
	*f = fault("little memory") ? 4u << 20 : total - used;
	return 0;
}
// The size stands before the memory, for cuMemFree.
int cuMemAlloc_v2(ptr *p, size_t n) {
	if (used + n > total || (fault("little memory") && n > 3u << 20)) return OUT_OF_MEMORY;
	size_t *block = malloc(64 + n);
	*block = n;
	used += n;
	*p = (ptr)block + 64;
	return 0;
}
int cuMemFree_v2(ptr p) {
	size_t *block = (size_t *)(p - 64);
	used -= *block;
	free(block);
	return 0;
}
int cuMemAllocHost_v2(void **p, size_t n) {
	if (fault("nothing to lock")) return OUT_OF_MEMORY;
	*p = malloc(n);
	return 0;
}
int cuMemFreeHost(void *p) { free(p); return 0; }
int cuMemcpyHtoD_v2(ptr d, const void *s, size_t n) { memcpy((void *)d, s, n); return 0; }
int cuMemcpyDtoH_v2(void *d, ptr s, size_t n) { memcpy(d, (void *)s, n); return 0; }
int cuMemcpyDtoD_v2(ptr d, ptr s, size_t n) { memcpy((void *)d, (void *)s, n); return 0; }

int cuModuleLoadData(ptr *m, const char *text) {
	if (fault("old ptx")) return UNSUPPORTED_PTX;
	*m = strstr(text, ".version ") && strstr(text, ".entry saxpy(") ? 1 : 0;
	return *m ? 0 : INVALID_VALUE;
}
int cuModuleGetFunction(ptr *f, ptr m, const char *name) {
	*f = 2;
	return strcmp(name, "saxpy") == 0 ? 0 : NOT_FOUND;
}
int cuModuleUnload(ptr m) { return 0; }

int cuLaunchKernel(ptr f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
		unsigned shared, ptr stream, void **args, void **extra) {
	float *y = *(float **)args[0], *x = *(float **)args[1], a = *(float *)args[2];
	unsigned n = *(unsigned *)args[3], threads = gx * bx;
	if (f != 2 || threads < n) return INVALID_VALUE;
	for (unsigned i = 0; i < n; i++) y[i] += a * x[i];
	if (fault("wrong values")) {
		y[12345] += 1;
		y[n - 1] = 0;
	}
	return 0;
}
