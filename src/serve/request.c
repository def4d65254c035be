#include "serve/request.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "base/print.h"
#include "serve/pack.h"

/* Replaces the bytes of text that is not UTF-8 by question marks. */
static void clean(char *line)
{
    if (dr_utf8(line))
        return;
    for (; *line; line++)
        if ((unsigned char)*line > 0x7f)
            *line = '?';
}

static void refuse(serve_reply *out, unsigned status, const char *what, char *line)
{
    clean(line);
    json_t *body = json_pack("{s:{s:s, s:s}}", "error", "status", what, "message", line);
    *out = (serve_reply){.status = status, .type = "application/json"};
    out->text = body ? json_dumps(body, 0) : NULL;
    out->size = out->text ? strlen(out->text) : 0;
    json_decref(body);
}

void serve_refuse(serve_reply *out, unsigned status, const char *what, const char *format, ...)
{
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    dr_vprint_text(line, sizeof line, format, arguments);
    va_end(arguments);
    refuse(out, status, what, line);
}

/* Replaces every `hide` in the text by the shorter `name`. */
static void hide_path(char *text, const char *hide, const char *name)
{
    size_t length = strlen(hide), shorter = strlen(name);
    for (char *at = strstr(text, hide); length > shorter && at; at = strstr(at + shorter, hide)) {
        for (size_t i = 0; i < shorter; i++)
            at[i] = name[i];
        memmove(at + shorter, at + length, strlen(at + length) + 1);
    }
}

void serve_refuse_failure(serve_reply *out, dr_status status, unsigned http, const char *hide, const char *name)
{
    static const struct {
        unsigned http;
        const char *what;
    } of[] = {[DR_OK] = {500, "machine"},          [DR_USAGE] = {400, "usage"},
              [DR_BAD_INPUT] = {400, "bad-input"}, [DR_NO_SOLUTION] = {422, "no-solution"},
              [DR_MACHINE] = {500, "machine"},     [DR_CANCELLED] = {503, "cancelled"}};
    char line[2048];
    snprintf(line, sizeof line, "%s", dr_error_text());
    if (hide)
        hide_path(line, hide, name);
    refuse(out, http ? http : of[status].http, of[status].what, line);
}

void serve_redirect(serve_reply *out, const char *location)
{
    *out = (serve_reply){.status = 308, .type = "text/plain", .location = location, .text = strdup("")};
}

void serve_reply_pack(serve_reply *reply)
{
    enum { WORTH = 1000, LEVEL = 5 };
    size_t size = 0;
    char *packed = reply->size >= WORTH ? serve_gzip(reply->text, reply->size, LEVEL, &size) : NULL;
    if (!packed)
        return;
    free(reply->text);
    reply->text = packed;
    reply->size = size;
    reply->encoding = "gzip";
}

void serve_reply_free(serve_reply *reply)
{
    free(reply->text);
    *reply = (serve_reply){0};
}
