#include "CLinux.h"
#include <malloc.h>

void strait_keep_freed_memory(int mapped_from, int kept) {
    mallopt(M_MMAP_THRESHOLD, mapped_from);
    mallopt(M_TRIM_THRESHOLD, kept);
}
