// SQLITE_TRANSIENT is a cast that Swift cannot import, and sqlite3_db_config() has variable arguments.
#pragma once
#include <sqlite3.h>

static inline int oomwarden_bind_text(sqlite3_stmt *statement, int index, const char *text, int bytes) {
    return sqlite3_bind_text(statement, index, text, bytes, SQLITE_TRANSIENT);
}

static inline int oomwarden_bind_blob(sqlite3_stmt *statement, int index, const void *blob, int bytes) {
    return sqlite3_bind_blob(statement, index, blob, bytes, SQLITE_TRANSIENT);
}

// The last connection to leave would write the log back into the file, of a schema that it does not know.
static inline int oomwarden_leave_log_alone(sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}
