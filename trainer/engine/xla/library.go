//go:build cgo && (linux || darwin)

package xla

/*
#cgo LDFLAGS: -ldl
#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>

// The head of PJRT_Api, which never changes: what a library of any version has.
typedef struct {
	size_t size;
	void* extensions;
	size_t version_size;
	void* version_extensions;
	int major, minor;
} pjrt_head;

// load returns NULL and an error text, or the head of the library's interface.
static const pjrt_head* load(const char* path, const char** problem) {
	void* library = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
	if (library == NULL) {
		*problem = dlerror();
		return NULL;
	}
	const void* (*api)(void) = (const void* (*)(void))dlsym(library, "GetPjrtApi");
	if (api == NULL) {
		*problem = "";
		return NULL;
	}
	return (const pjrt_head*)api();
}
*/
import "C"

import (
	"fmt"
	"regexp"
	"unsafe"
)

// The PJRT interface that this program speaks: any 0.x from the version on in
// which the calls that it makes exist.
const (
	apiMajor    = 0
	apiMinMinor = 54
)

// missingLibrary finds the name in what the loader says.
var missingLibrary = regexp.MustCompile(`(\S+\.so[.\d]*): cannot open shared object file`)

// checkLibrary makes sure that a file is a PJRT plugin of a version that this
// program can talk to, without calling into it further. It returns the version.
func checkLibrary(path string) (string, error) {
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	var problem *C.char
	head := C.load(name, &problem)
	if head == nil {
		text := ""
		if problem != nil {
			text = C.GoString(problem)
		}
		m := missingLibrary.FindStringSubmatch(text)
		switch {
		case problem != nil && text == "":
			return "", &PluginError{path, path + " is no PJRT plugin: it has no GetPjrtApi", "give the file of a plugin, or " + InstallCommand}
		case m != nil && m[1] != path:
			return "", &PluginError{path, fmt.Sprintf("%s needs %s, which is missing", path, m[1]), InstallCommand + " brings CUDA's libraries"}
		case problem == nil:
			return "", &PluginError{path, path + " returned no PJRT interface", "install another version of it"}
		default:
			return "", &PluginError{path, fmt.Sprintf("%s cannot be loaded (%s)", path, text), "give the file of a PJRT plugin, or " + InstallCommand}
		}
	}
	version := fmt.Sprintf("%d.%d", int(head.major), int(head.minor))
	if head.major != apiMajor || head.minor < apiMinMinor {
		return "", &PluginError{
			path,
			fmt.Sprintf("%s speaks PJRT %s; this program needs %d.%d or newer", path, version, apiMajor, apiMinMinor),
			InstallCommand + " brings a newer one",
		}
	}
	return version, nil
}
