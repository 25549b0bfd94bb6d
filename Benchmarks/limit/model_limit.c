/*
 * model_limit - the pages of the benchmark of models with no more than the protocol's and the database's minimum.
 *
 *   model_limit PORT FILE DATABASE
 *
 * FILE is a whole response to /posts/, as printed by `curl -si`. The program sends the same head, reads the same rows
 * with the same prepared statement, and writes the same body; it ends if the bytes differ. /store/many/ and /store/each/
 * store 1,000 rows in a transaction. DATABASE is the path of an SQLite file or a connection string of PostgreSQL. One
 * thread, epoll, one database connection for which the thread waits. It listens on the loopback address only.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <libpq-fe.h>
#include <netinet/tcp.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ROWS = 50, STORED = 1000, COLUMNS = 5, LONGEST = 64 << 10 };

#define TABLE(name) "\"bench_" name "\""
#define POST(name) TABLE("post") ".\"" name "\", "
#define SELECT \
    "SELECT " POST("id") POST("title") POST("text") POST("created_at") POST("likes") POST("author_id") \
    "\"T1\".\"id\", \"T1\".\"name\" FROM " TABLE("post") " INNER JOIN " TABLE("author") \
    " AS \"T1\" ON " TABLE("post") ".\"author_id\" = \"T1\".\"id\" ORDER BY " TABLE("post") ".\"id\" LIMIT "
#define INSERT \
    "INSERT INTO " TABLE("entry") " (\"title\", \"text\", \"created_at\", \"likes\", \"author_id\") VALUES "
#define RETURNING " RETURNING \"id\", \"title\", \"text\", \"created_at\", \"likes\", \"author_id\""

static char expected[LONGEST], page[LONGEST], *end;
static size_t length, head; /* of the response, and of its head */
static sqlite3 *lite;
static PGconn *server;
static sqlite3_stmt *select_lite, *many_lite, *each_lite;
static char *many_text;

static void fail(const char *what) {
    fprintf(stderr, "%s: %s\n", what, lite ? sqlite3_errmsg(lite) : server ? PQerrorMessage(server) : strerror(errno));
    exit(1);
}

/* ---- The page */

static void put(const char *text, size_t count) { memcpy(end, text, count), end += count; }
static void puts_to_page(const char *text) { put(text, strlen(text)); }

static void escaped(const char *text, size_t count) {
    for (size_t i = 0; i < count; i++) switch (text[i]) {
        case '&': puts_to_page("&amp;"); break;
        case '<': puts_to_page("&lt;"); break;
        case '>': puts_to_page("&gt;"); break;
        case '"': puts_to_page("&quot;"); break;
        case '\'': puts_to_page("&#x27;"); break;
        default: *end++ = text[i];
    }
}

/* The text of a number in the page. */
static void number(int64_t value) { end += sprintf(end, "%ld", (long)value); }

/* id, title, text, created_at, likes and the author's name */
static void row(int64_t id, const char *title, size_t titles, const char *text, size_t texts, const char *date,
                int64_t likes, const char *author, size_t authors) {
    puts_to_page("<tr><td>"), number(id);
    puts_to_page("</td><td>"), escaped(title, titles);
    puts_to_page("</td><td>"), escaped(text, texts);
    puts_to_page("</td><td>"), put(date, 16); /* as both databases write it, without seconds */
    puts_to_page("</td><td>"), number(likes);
    puts_to_page("</td><td>"), escaped(author, authors);
    puts_to_page("</td></tr>\n");
}

static void rows_of_sqlite(void) {
    sqlite3_stmt *statement = select_lite;
    sqlite3_bind_int64(statement, 1, ROWS);
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
#define TEXT(column) (const char *)sqlite3_column_text(statement, column), (size_t)sqlite3_column_bytes(statement, column)
        row(sqlite3_column_int64(statement, 0), TEXT(1), TEXT(2), (const char *)sqlite3_column_text(statement, 3),
            sqlite3_column_int64(statement, 4), TEXT(7));
    }
    if (code != SQLITE_DONE) fail("SELECT");
    sqlite3_reset(statement);
}

static void rows_of_postgres(void) {
    const char *values[] = {"50"};
    PGresult *result = PQexecPrepared(server, "posts", 1, values, NULL, NULL, 0);
    if (PQresultStatus(result) != PGRES_TUPLES_OK) fail("SELECT");
    for (int i = 0; i < PQntuples(result); i++) {
#define VALUE(column) PQgetvalue(result, i, column), (size_t)PQgetlength(result, i, column)
        row(atoll(PQgetvalue(result, i, 0)), VALUE(1), VALUE(2), PQgetvalue(result, i, 3),
            atoll(PQgetvalue(result, i, 4)), VALUE(7));
    }
    PQclear(result);
}

static void make_page(void) {
    end = page;
    put(expected, head);
    puts_to_page("<!doctype html>\n<title>"), escaped("Posts & authors", 15), puts_to_page("</title>\n<table>\n");
    lite ? rows_of_sqlite() : rows_of_postgres();
    puts_to_page("</table>\n");
}

/* ---- The stored rows */

static char fields[STORED][COLUMNS][96];
static const char *values[STORED * COLUMNS];
static const Oid types[STORED * COLUMNS];

static void make_values(void) {
    for (int i = 0; i < STORED; i++) {
        time_t time = 1700000000 + i;
        struct tm parts;
        gmtime_r(&time, &parts);
        sprintf(fields[i][0], "Entry %d", i);
        sprintf(fields[i][1], "The text of the entry with the number %d.", i);
        strftime(fields[i][2], sizeof fields[i][2], "%Y-%m-%d %H:%M:%S", &parts);
        if (server) strcat(fields[i][2], "+00:00");
        sprintf(fields[i][3], "%d", i);
        sprintf(fields[i][4], "%d", i % 20 + 1);
        for (int column = 0; column < COLUMNS; column++) values[i * COLUMNS + column] = fields[i][column];
    }
}

static void bind_row(sqlite3_stmt *statement, int first, int i) {
    for (int column = 0; column < 3; column++)
        sqlite3_bind_text(statement, first + column, fields[i][column], -1, SQLITE_TRANSIENT);
    sqlite3_bind_int64(statement, first + 3, i);
    sqlite3_bind_int64(statement, first + 4, i % 20 + 1);
}

/* Reads the stored rows, as a model does. */
static int finish(sqlite3_stmt *statement) {
    int count = 0, code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        count++;
        sqlite3_column_int64(statement, 0);
        for (int column = 1; column < 4; column++) sqlite3_column_text(statement, column);
    }
    if (code != SQLITE_DONE) fail("INSERT");
    sqlite3_reset(statement);
    return count;
}

static void run(const char *text) {
    if (lite) {
        if (sqlite3_exec(lite, text, NULL, NULL, NULL)) fail(text);
    } else {
        PGresult *result = PQexec(server, text);
        if (PQresultStatus(result) != PGRES_COMMAND_OK) fail(text);
        PQclear(result);
    }
}

static int finish_postgres(PGresult *result) {
    if (PQresultStatus(result) != PGRES_TUPLES_OK) fail("INSERT");
    int count = PQntuples(result);
    PQclear(result);
    return count;
}

static int store(int each) {
    int count = 0;
    run(lite ? "BEGIN IMMEDIATE" : "BEGIN");
    make_values();
    if (lite && each) {
        for (int i = 0; i < STORED; i++) bind_row(each_lite, 1, i), count += finish(each_lite);
    } else if (lite) {
        for (int i = 0; i < STORED; i++) bind_row(many_lite, i * COLUMNS + 1, i);
        count = finish(many_lite);
    } else if (each) {
        for (int i = 0; i < STORED; i++)
            count += finish_postgres(PQexecPrepared(server, "each", COLUMNS, values + i * COLUMNS, NULL, NULL, 0));
    } else {
        count = finish_postgres(PQexecParams(server, many_text, STORED * COLUMNS, types, values, NULL, NULL, 0));
    }
    run("COMMIT");
    return count;
}

static void make_stored(int each) {
    char body[16];
    int count = sprintf(body, "%d", store(each));
    end = page;
    end += sprintf(end, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s", count, body);
}

/* ---- The database */

static char *insert_text(int rows) {
    char *text = malloc(256 + (size_t)rows * 64), *at = text + sprintf(text, INSERT);
    for (int i = 0; i < rows; i++) {
        at += sprintf(at, i ? ", (" : "(");
        for (int column = 0; column < COLUMNS; column++)
            at += lite ? sprintf(at, column ? ", ?" : "?") : sprintf(at, "%s$%d", column ? ", " : "", i * COLUMNS + column + 1);
        at += sprintf(at, ")");
    }
    sprintf(at, RETURNING);
    return text;
}

static void open_database(const char *name) {
    if (*name == '/') {
        if (sqlite3_open(name, &lite)) fail(name);
        run("PRAGMA foreign_keys = ON");
        sqlite3_exec(lite, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", NULL, NULL, NULL);
        sqlite3_busy_timeout(lite, 5000);
        if (sqlite3_prepare_v2(lite, SELECT "?", -1, &select_lite, NULL)) fail("SELECT");
        if (sqlite3_prepare_v2(lite, insert_text(STORED), -1, &many_lite, NULL)) fail("INSERT");
        if (sqlite3_prepare_v2(lite, insert_text(1), -1, &each_lite, NULL)) fail("INSERT");
    } else {
        server = PQconnectdb(name);
        if (PQstatus(server) != CONNECTION_OK) fail(name);
        run("SET TIME ZONE 'UTC'");
        PQclear(PQprepare(server, "posts", SELECT "$1", 0, NULL));
        PQclear(PQprepare(server, "each", insert_text(1), 0, NULL));
        many_text = insert_text(STORED);
    }
}

/* ---- The server */

static int readable(int peer) {
    char in[4096];
    ssize_t got = recv(peer, in, sizeof in - 1, 0);
    if (got <= 0) return got < 0 && errno == EAGAIN ? 0 : -1;
    in[got] = 0;
    if (!strncmp(in, "GET /store/many/", 16)) make_stored(0);
    else if (!strncmp(in, "GET /store/each/", 16)) make_stored(1);
    else make_page();
    return send(peer, page, (size_t)(end - page), MSG_NOSIGNAL) == end - page ? 0 : -1;
}

int main(int argc, char **argv) {
    if (argc != 4) return fprintf(stderr, "Usage: model_limit PORT FILE DATABASE\n"), 2;
    FILE *file = fopen(argv[2], "r");
    if (!file) fail(argv[2]);
    length = fread(expected, 1, sizeof expected, file);
    fclose(file);
    char *body = memmem(expected, length, "\r\n\r\n", 4);
    if (!body) return fprintf(stderr, "%s has no blank line\n", argv[2]), 1;
    head = (size_t)(body - expected) + 4;
    open_database(argv[3]);
    make_page();
    if ((size_t)(end - page) != length || memcmp(page, expected, length))
        return fprintf(stderr, "The page differs from %s:\n%.*s\n", argv[2], (int)(end - page), page), 1;
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), poller = epoll_create1(0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) fail("model_limit");
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[64];
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int count = epoll_wait(poller, events, 64, -1);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                event.data.fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
                if (event.data.fd >= 0) epoll_ctl(poller, EPOLL_CTL_ADD, event.data.fd, &event);
            } else if (readable(fd) < 0) {
                close(fd);
            }
        }
    }
}
