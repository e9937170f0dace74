// What LeakSanitizer sees inside libraries and must not hide the leaks that are ours:
// cairo 1.16 loses 768 bytes for each CFF font that it embeds (inside cairo_surface_finish);
// fontconfig keeps its configuration through pointers that are encoded as offsets, so that the
// sanitizer takes it for lost, once in a process.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libcairo.so\nleak:libfontconfig.so\n";
}
