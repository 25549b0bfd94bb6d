#include "common_passwords.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

/* The list that Django ships, which Royce Williams has published. */
static const unsigned char passwords[] = {
#embed "common-passwords.txt"
};

const unsigned char *strait_common_passwords_start(void) { return passwords; }
size_t strait_common_passwords_size(void) { return sizeof passwords; }
