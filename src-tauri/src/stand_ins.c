/* Stands in for libraries whose work nobody will hear or see: what they are asked is answered with nothing. */

#include <string.h>

#include <glvnd/libeglabi.h>

/* As if a voice or a display were there, all of whose fields are empty; larger than flite's `cst_voice`. */
static char nobody[512];

/* All that WebKit, and the decoders of videos, can ask of flite's voices. */

#define VOICE(name)                                                 \
    void *register_##name(const char *directory) { return nobody; } \
    void unregister_##name(void *voice) {}
#define LANGUAGE(name) void name(void *voice) {}
#define LEXICON(name) void *name(void) { return nobody; }

VOICE(cmu_time_awb)
VOICE(cmu_us_awb)
VOICE(cmu_us_kal)
VOICE(cmu_us_kal16)
VOICE(cmu_us_rms)
VOICE(cmu_us_slt)

LANGUAGE(cmu_grapheme_lang_init)
LANGUAGE(cmu_indic_lang_init)
LANGUAGE(usenglish_init)

LEXICON(cmu_grapheme_lex_init)
LEXICON(cmu_indic_lex_init)
LEXICON(cmu_lex_init)
LEXICON(cmulex_init)

/* An EGL of GLVND's: a display opens, and has nothing to draw with. */

static EGLDisplay get_platform_display(EGLenum platform, void *native, const EGLAttrib *attributes) { return nobody; }

static EGLBoolean supports_api(EGLenum api) { return EGL_TRUE; }

static EGLBoolean initialize(EGLDisplay display, EGLint *major, EGLint *minor) {
    if (major) *major = 1;
    if (minor) *minor = 5;
    return EGL_TRUE;
}

static const char *query_string(EGLDisplay display, EGLint name) { return name == EGL_VERSION ? "1.5" : ""; }

static EGLint get_error(void) { return EGL_SUCCESS; }

/* EGL_FALSE, EGL_NO_CONTEXT, EGL_NO_SURFACE, and no function. */
static void *nothing(void) { return 0; }

static void *get_proc_address(const char *name) {
    if (!strcmp(name, "eglInitialize")) return initialize;
    if (!strcmp(name, "eglQueryString")) return query_string;
    if (!strcmp(name, "eglGetError")) return get_error;
    return strncmp(name, "egl", 3) ? 0 : nothing;
}

static void *get_dispatch_address(const char *name) { return 0; }

static void set_dispatch_index(const char *name, int index) {}

EGLBoolean __egl_Main(uint32_t version, const __EGLapiExports *exports, __EGLvendorInfo *vendor, __EGLapiImports *imports) {
    if (EGL_VENDOR_ABI_GET_MAJOR_VERSION(version) != EGL_VENDOR_ABI_MAJOR_VERSION) return EGL_FALSE;
    imports->getPlatformDisplay = get_platform_display;
    imports->getSupportsAPI = supports_api;
    imports->getProcAddress = get_proc_address;
    imports->getDispatchAddress = get_dispatch_address;
    imports->setDispatchIndex = set_dispatch_index;
    return EGL_TRUE;
}
