#include "CLinux.h"
#include <time.h>

int strait_local_time(int64_t seconds, const char *format, char *text, int capacity) {
    time_t moment = (time_t)seconds;
    struct tm parts;
    if (!localtime_r(&moment, &parts)) return 0;
    return (int)strftime(text, (size_t)capacity, format, &parts);
}
