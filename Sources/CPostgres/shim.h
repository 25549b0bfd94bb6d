#include <libpq-fe.h>

/* The fields of an error. libpq's macros for them are characters, which Swift does not import. */
enum {
    strait_sqlstate = PG_DIAG_SQLSTATE,
    strait_message_primary = PG_DIAG_MESSAGE_PRIMARY,
    strait_message_detail = PG_DIAG_MESSAGE_DETAIL,
    strait_message_hint = PG_DIAG_MESSAGE_HINT,
    strait_table_name = PG_DIAG_TABLE_NAME,
    strait_column_name = PG_DIAG_COLUMN_NAME,
    strait_constraint_name = PG_DIAG_CONSTRAINT_NAME,
    strait_source_function = PG_DIAG_SOURCE_FUNCTION,
};
