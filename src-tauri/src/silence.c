/* Stands in for flite's voices: all that WebKit, and the decoders of videos, can ask of them, answered with nothing. */

/* As if a voice were there, all of whose fields are empty; larger than flite's `cst_voice`. */
static char nobody[512];

#define VOICE(name)                                                      \
    void *register_##name(const char *directory) { return nobody; }      \
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
