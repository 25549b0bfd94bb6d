#include <stddef.h>

/* The most frequent passwords, in lower case, one in each line. */
const unsigned char *strait_common_passwords_start(void);
size_t strait_common_passwords_size(void);
