/* SPDX-License-Identifier: Apache-2.0
 *
 * The Carrick plugin ABI, version 0.1: the whole contract between the engine and a flow plugin.
 * Plain C11; needs only <stdint.h>. Little-endian 64-bit machines only.
 *
 * Ground rules
 *   Structs      A struct or table with `struct_size` first may grow at its end. A reader uses a
 *                member only if `struct_size` covers it (CARRICK_HAS). Writers set struct_size to
 *                sizeof their own definition. Members are never moved, reused or given new meaning.
 *   Arrays       The elements of an array of such structs stand struct_size bytes apart, as the
 *                first one states it, so that an array outlives its element's growth. A struct that
 *                may grow is never a member of another: it is pointed to.
 *   Text         carrick_span: UTF-8, a pointer and a length, not NUL-terminated. An empty span may
 *                have a null pointer.
 *   Memory       What is passed into a call lives until the call returns; to keep it, copy it.
 *                Results leave a plugin only through the host's emitters, which copy. Replies come
 *                through a handler and live until it returns. Nobody frees the other side's memory.
 *   Threads      A flow instance is called by one thread at a time, not always the same one.
 *                Different instances are called in parallel. Host functions may be called only
 *                inside a call from the host, with that call's context, on that call's thread.
 *   Exceptions   None crosses, in either direction. Neither does longjmp. A plugin never calls
 *                exit or fork and never changes signal handlers, locale, umask or directory.
 *   State        An instance may cache, but can be destroyed and made again between any two calls
 *                without changing results. What must survive goes into the checkpoint, the ledger
 *                (through outcomes), links or a waiting token.
 *   Unknown      A reader that meets an enum value it does not know takes: status -> FAILED,
 *                outcome -> UNKNOWN, error class -> BUG, log level -> INFO.
 *
 *                A host takes an unknown value where it must act on it (write action, page end)
 *                for a broken contract.
 *
 * Enum values are written out and travel as int32_t. Times are milliseconds since
 * 1970-01-01T00:00:00Z, 0 = none. Money travels as decimal text inside JSON, never as a number
 * type.
 */
#ifndef CARRICK_PLUGIN_H
#define CARRICK_PLUGIN_H

#include <stdint.h>

#define CARRICK_ABI_MAJOR 0
#define CARRICK_ABI_MINOR 1
#define CARRICK_ENTRY_SYMBOL "carrick_plugin_v0"

/* True when the struct that `pointer` points to is long enough to hold `member`. */
#define CARRICK_HAS(pointer, type, member) \
    ((pointer)->struct_size >= __builtin_offsetof(type, member) + sizeof((pointer)->member))

#if defined(__GNUC__)
#define CARRICK_EXPORT __attribute__((visibility("default")))
#else
#define CARRICK_EXPORT
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- values --------------------------------------------------------------------------------- */

typedef struct carrick_span {
    const char* data;
    uint64_t length;
} carrick_span;

/* How a call ended. After FAILED the reason was given through `fail`. */
enum { CARRICK_OK = 0, CARRICK_FAILED = 1, CARRICK_CANCELLED = 2 };

/* Who must act on an error. */
enum {
    CARRICK_ERROR_TRANSIENT = 1,     /* try again later */
    CARRICK_ERROR_THROTTLED = 2,     /* try again after retry_after_ms */
    CARRICK_ERROR_REJECTED = 3,      /* this record cannot succeed as it is */
    CARRICK_ERROR_MISCONFIGURED = 4, /* nothing can succeed: the flow stops */
    CARRICK_ERROR_BUG = 5            /* ours or the plugin's: the instance stops */
};

typedef struct carrick_error {
    uint32_t struct_size;
    int32_t error_class;
    carrick_span code;    /* stable, dotted: "netsuite.nonexistent_item" */
    carrick_span message; /* thing, value, way out; no secret, no personal data */
    carrick_span field;   /* path of the field at fault, may be empty */
    int64_t retry_after_ms;
} carrick_error;

/* The unit of work. `version` is the source's time of last change; a newer version of a key
 * supersedes an older one. `due` orders the work: earliest first, none (0) last. `value` is the
 * money at stake as "12.50 USD", may be empty. `body` is one JSON object, at most 16 MiB; `key` has
 * 1 to 200 bytes and holds no personal data. `content_hash` (32 hexadecimal digits) is the host's;
 * an emitter leaves it empty. An emitter may leave `type`, `origin` and `partition` empty too: they
 * are then the manifest's output type and the instance's own, and can be nothing else. */
typedef struct carrick_record {
    uint32_t struct_size;
    uint32_t reserved0;
    carrick_span type;      /* "amazon.order/1" */
    carrick_span origin;    /* id of the flow's Amazon connection */
    carrick_span partition; /* marketplace code or empty */
    carrick_span key;
    int64_t version;
    int64_t event_time;
    int64_t due;
    carrick_span value;
    carrick_span body;
    carrick_span content_hash;
} carrick_record;

/* What a record became in the target, from earlier runs of this flow. */
typedef struct carrick_ledger_entry {
    uint32_t struct_size;
    uint32_t record;         /* index into the page of records */
    int64_t version;         /* of the record that was written */
    carrick_span target_ids; /* JSON object: write name -> id in the target */
} carrick_ledger_entry;

/* The answer to one emit_lookup. `found` is 0 or 1; `body` is JSON, empty when not found. */
typedef struct carrick_lookup_result {
    uint32_t struct_size;
    uint32_t record;
    carrick_span name;
    carrick_span key;
    int32_t found;
    int32_t reserved0;
    carrick_span body;
} carrick_lookup_result;

/* What to do with a payload. ADOPT writes nothing: it links a document that is there already. */
enum { CARRICK_WRITE_CREATE = 1, CARRICK_WRITE_UPDATE = 2, CARRICK_WRITE_ADOPT = 3 };

/* One document to write for one record. */
typedef struct carrick_payload {
    uint32_t struct_size;
    uint32_t record;    /* index into the page of records */
    carrick_span write; /* a name from the manifest's `writes` */
    int32_t action;     /* CARRICK_WRITE_* */
    int32_t reserved0;
    carrick_span external_id; /* of the document; made with the SDK's external_id */
    carrick_span target_id;   /* the target's own id, for UPDATE and ADOPT; else empty */
    carrick_span body;        /* JSON object in the target's schema; empty for ADOPT */
} carrick_payload;

/* A write that was about to be sent when its answer was lost. */
typedef struct carrick_attempt {
    uint32_t struct_size;
    uint32_t record;
    carrick_span write;
    carrick_span external_id;
    carrick_span body; /* the payload that was about to be sent */
    int64_t started_at;
} carrick_attempt;

/* A record that waited, with the token its waiting outcome carried. */
typedef struct carrick_wait {
    uint32_t struct_size;
    uint32_t record;
    carrick_span token;
    int64_t since;
    int64_t deadline;
} carrick_wait;

/* What became of a record. ABSENT is an answer of `reconcile` only: the write never arrived and is
 * safe to send. */
enum {
    CARRICK_OUTCOME_DONE = 1,
    CARRICK_OUTCOME_SKIPPED = 2,
    CARRICK_OUTCOME_WAITING = 3,
    CARRICK_OUTCOME_UNKNOWN = 4,
    CARRICK_OUTCOME_FAILED = 5,
    CARRICK_OUTCOME_ABSENT = 6
};

typedef struct carrick_outcome {
    uint32_t struct_size;
    int32_t kind;            /* CARRICK_OUTCOME_* */
    carrick_span target_ids; /* done: JSON object, write name -> id; kept in the ledger */
    carrick_span learnt;     /* done, skipped: JSON object merged into the body's "carrick" member
                                of the record that passes downstream; may be empty */
    carrick_span reason;     /* skipped, waiting, unknown: for people */
    carrick_span token;      /* waiting: given back to `resume`; empty = enter at `needs` again */
    /* waiting: "kind:from"; wakes when that link appears; may be empty */
    carrick_span awaited_link;
    int64_t look_again_at;      /* waiting; 0 with a deadline: only a newer version or that */
    int64_t deadline;           /* waiting: becomes an error then; 0 = the flow's default */
    const carrick_error* error; /* failed */
} carrick_outcome;

/* How an `extract` ended. */
enum { CARRICK_PAGE_MORE = 1, CARRICK_PAGE_IDLE = 2, CARRICK_PAGE_LOOK_AGAIN = 3 };

enum {
    CARRICK_LOG_DEBUG = 1,
    CARRICK_LOG_INFO = 2,
    CARRICK_LOG_WARNING = 3,
    CARRICK_LOG_ERROR = 4
};

/* ---- the host, as a plugin sees it ----------------------------------------------------------- */

typedef struct carrick_host carrick_host;

/* The context of a call that may talk to connections: extract, deliver, reconcile, resume.
 * Owned by the host, valid until the call returns. */
typedef struct carrick_call {
    uint32_t struct_size;
    uint32_t reserved0;
    const carrick_host* host;
    void* context;    /* the host's; do not touch */
    int64_t now;      /* the host's clock when the call began */
    int64_t deadline; /* return by then; connector calls return promptly after it */
} carrick_call;

typedef struct carrick_request {
    uint32_t struct_size;
    uint32_t reserved0;
    int64_t record; /* the record a write belongs to, as index into the page; -1 for a read */
    carrick_span operation; /* "amazon.orders.search"; must stand in the manifest */
    carrick_span body;      /* JSON object as the operation's schema says */
} carrick_request;

enum {
    CARRICK_REPLY_OK = 0,
    CARRICK_REPLY_FAILED = 1,    /* `error` says why; a write was not carried out */
    CARRICK_REPLY_CANCELLED = 2, /* stopped before it was sent */
    CARRICK_REPLY_UNKNOWN = 3    /* a write was sent and its answer lost */
};

typedef struct carrick_reply {
    uint32_t struct_size;
    int32_t status; /* CARRICK_REPLY_* */
    carrick_span body;
    const carrick_error* error; /* NULL after OK */
} carrick_reply;

/* Takes one reply. Runs on the thread of the call that asked, before that call returns; `reply`
 * lives until the handler returns. May call emit_record, set_checkpoint, set_outcome, link_put,
 * cancelled and log; not `call` again. */
typedef void (*carrick_reply_handler)(void* user, uint64_t request, const carrick_reply* reply);

struct carrick_host {
    uint32_t struct_size;
    uint32_t abi_minor;

    /* A table of further host functions by name ("carrick.command.v0"), or NULL. */
    const void* (*extension)(carrick_span name);

    /* Sends requests to the connection that plays `role` ("source", "target"), several in parallel
     * within the connection's budget, and returns when each has had its reply, handed to
     * `on_reply` in the order of completion, so that outcomes set there can be committed while
     * slower requests still run. A write without its record, or an operation that the manifest
     * does not list, is refused. CARRICK_FAILED only for misuse (unknown role, no request). */
    int32_t (*call)(const carrick_call* call, carrick_span role, const carrick_request* requests,
                    uint64_t count, carrick_reply_handler on_reply, void* user);

    /* extract only. The host computes content_hash. */
    int32_t (*emit_record)(const carrick_call* call, const carrick_record* record);
    /* extract only, once per page: where the next page starts (at most 64 KiB), and how this one
     * ended (CARRICK_PAGE_*). `look_again_at` counts only for LOOK_AGAIN. */
    int32_t (*set_checkpoint)(const carrick_call* call, carrick_span checkpoint, int32_t page_end,
                              int64_t look_again_at);

    /* deliver, reconcile, resume: what became of the record at this index of the page. The last
     * one set before the engine commits wins; the engine commits every 250 ms. */
    int32_t (*set_outcome)(const carrick_call* call, uint32_t record,
                           const carrick_outcome* outcome);

    /* Cross references, such as Amazon order <-> sales order. `link_put` is buffered into the
     * commit of this record's outcome; `link_get` sees committed links only and answers a JSON
     * array of what `from` is linked to. */
    int32_t (*link_put)(const carrick_call* call, uint32_t record, carrick_span kind,
                        carrick_span from, carrick_span to);
    int32_t (*link_get)(const carrick_call* call, carrick_span kind, carrick_span from,
                        carrick_reply_handler on_reply, void* user);

    /* 1 when the call should end soon: return CARRICK_CANCELLED. */
    int32_t (*cancelled)(const carrick_call* call);
    /* The reason of a CARRICK_FAILED that the call is about to return. */
    void (*fail)(const carrick_call* call, const carrick_error* error);
    void (*log)(const carrick_call* call, int32_t level, carrick_span message);
    int32_t (*log_enabled)(const carrick_call* call, int32_t level);
};

/* The context of a pure call (needs, map, verify): it offers emitters and nothing else, so the
 * same inputs always give the same results. */
typedef struct carrick_pure {
    uint32_t struct_size;
    uint32_t reserved0;
    void* context; /* the host's; do not touch */

    /* needs only. `name` from the manifest's `lookups`; `fresh` 1 = not from the cache. */
    int32_t (*emit_lookup)(const struct carrick_pure* pure, uint32_t record, carrick_span name,
                           carrick_span key, int32_t fresh);
    /* map only: 0 to n per record. */
    int32_t (*emit_payload)(const struct carrick_pure* pure, const carrick_payload* payload);
    /* skipped, waiting or failed. */
    int32_t (*set_outcome)(const struct carrick_pure* pure, uint32_t record,
                           const carrick_outcome* outcome);
    void (*fail)(const struct carrick_pure* pure, const carrick_error* error);
    void (*log)(const struct carrick_pure* pure, int32_t level, carrick_span message);
    int32_t (*log_enabled)(const struct carrick_pure* pure, int32_t level);
} carrick_pure;

/* ---- the plugin, as the host sees it ----------------------------------------------------------
 */

/* One instance of a flow: a plugin's own struct that begins with this table. NULL slots are stages
 * that the flow does not offer. Every stage returns CARRICK_OK, _FAILED or _CANCELLED and gets a
 * page: records of one partition, with what belongs to them (answers, ledger, payloads, attempts,
 * waits) in rising order of the record. */
typedef struct carrick_flow {
    uint32_t struct_size;
    uint32_t reserved0;

    void (*destroy)(struct carrick_flow* self);
    const void* (*extension)(struct carrick_flow* self, carrick_span name);

    /* Sources: one page of records from `checkpoint` (empty at the first time) of `stream` on. */
    int32_t (*extract)(struct carrick_flow* self, const carrick_call* call, carrick_span stream,
                       carrick_span checkpoint);
    /* Names the look-ups that these records need. */
    int32_t (*needs)(struct carrick_flow* self, const carrick_pure* pure,
                     const carrick_record* records, uint64_t record_count);
    /* Turns records into payloads. `lookups` are the answers, grouped by record, in emitted order;
     * `ledger` is what earlier versions of these records became, at most one entry a record. */
    int32_t (*map)(struct carrick_flow* self, const carrick_pure* pure,
                   const carrick_record* records, uint64_t record_count,
                   const carrick_lookup_result* lookups, uint64_t lookup_count,
                   const carrick_ledger_entry* ledger, uint64_t ledger_count);
    /* Checks the payloads as the overlay left them: totals to the cent. */
    int32_t (*verify)(struct carrick_flow* self, const carrick_pure* pure,
                      const carrick_record* records, uint64_t record_count,
                      const carrick_payload* payloads, uint64_t payload_count);
    /* Writes the payloads; sets an outcome for each record of the page. */
    int32_t (*deliver)(struct carrick_flow* self, const carrick_call* call,
                       const carrick_record* records, uint64_t record_count,
                       const carrick_payload* payloads, uint64_t payload_count,
                       const carrick_ledger_entry* ledger, uint64_t ledger_count);
    /* After a lost answer: done, absent, waiting or unknown for each record. */
    int32_t (*reconcile)(struct carrick_flow* self, const carrick_call* call,
                         const carrick_record* records, uint64_t record_count,
                         const carrick_attempt* attempts, uint64_t attempt_count);
    /* Records whose wait is over and that had a token. */
    int32_t (*resume)(struct carrick_flow* self, const carrick_call* call,
                      const carrick_record* records, uint64_t record_count,
                      const carrick_wait* waits, uint64_t wait_count);
} carrick_flow;

typedef struct carrick_plugin {
    uint32_t struct_size;
    uint32_t abi_minor;   /* CARRICK_ABI_MINOR of the header it was built with */
    carrick_span name;    /* as in the manifest */
    carrick_span version; /* as in the manifest */

    /* Makes an instance. `config` is JSON: {"flow", "origin", "partition", "connections": {role:
     * {"id", "connector"}}, "settings": {...}} with the partition's effective settings, or, with an
     * empty partition, "marketplaces": {code: settings}. NULL after `fail`, which may be called at
     * most once, with `fail_context`. May not do I/O. */
    carrick_flow* (*create)(carrick_span config, const carrick_host* host,
                            void (*fail)(void* fail_context, const carrick_error* error),
                            void* fail_context);
    /* A table of further plugin functions by name ("carrick.command.v0"), or NULL. */
    const void* (*extension)(carrick_span name);
} carrick_plugin;

/* The one exported symbol. Does no work; returns a descriptor with static storage. */
typedef const carrick_plugin* (*carrick_plugin_entry)(void);
CARRICK_EXPORT const carrick_plugin* carrick_plugin_v0(void);

/* ---- extension carrick.command.v0: `carrick <noun> <verb>` brought by a plugin -----------------
 */

#define CARRICK_COMMAND_EXTENSION "carrick.command.v0"

/* What a command may use while it runs. Owned by the host, valid until `run` returns. */
typedef struct carrick_command_io {
    uint32_t struct_size;
    uint32_t reserved0;
    void* context;
    /* channel 1 = standard output, 2 = standard error. */
    int32_t (*write)(const struct carrick_command_io* io, int32_t channel, carrick_span text);
    /* The files among the arguments, opened by the host: up to `capacity` bytes into `buffer`;
     * returns how many, 0 at the end, -1 after an error (the host reports it). */
    int64_t (*read)(const struct carrick_command_io* io, uint32_t file, char* buffer,
                    uint64_t capacity);
    uint32_t (*file_count)(const struct carrick_command_io* io);
    carrick_span (*file_name)(const struct carrick_command_io* io, uint32_t file);
    int32_t (*cancelled)(const struct carrick_command_io* io);
    /* The reason of a CARRICK_FAILED that `run` is about to return. */
    void (*fail)(const struct carrick_command_io* io, const carrick_error* error);
} carrick_command_io;

/* Offered by a plugin's `extension`. `arguments` is a JSON object: option or positional name ->
 * string, number, boolean or array, as the manifest declares them. The process ends with
 * `*exit_code` after CARRICK_OK, else with the host's code for the error's class. */
typedef struct carrick_command {
    uint32_t struct_size;
    uint32_t reserved0;
    int32_t (*run)(const carrick_command_io* io, carrick_span noun, carrick_span verb,
                   carrick_span arguments, int32_t* exit_code);
} carrick_command;

/* ---- extensions carrick.stream.v0 and carrick.archive.v0: documents of any size ----------------
 *
 * Both are the host's, asked for through carrick_host.extension; may be used where `call` may. A
 * document is fetched whole into the archive first, so that it is kept and can be read again, then
 * read as text (unpacked, UTF-8, no byte order mark) in bounded memory. Streams are numbers of one
 * call; what is not closed is closed when the call returns. At most 16 are open at once. */

#define CARRICK_STREAM_EXTENSION "carrick.stream.v0"

typedef struct carrick_stream {
    uint32_t struct_size;
    uint32_t reserved0;
    /* Fetches the document that a document operation of the connection names. One reply: after OK
     * `*stream` is open and the body says {"id": of the archived document, "bytes", "encoding",
     * "encoding_why", "name"}. CARRICK_FAILED only for misuse. */
    int32_t (*open)(const carrick_call* call, carrick_span role, const carrick_request* request,
                    uint64_t* stream, carrick_reply_handler on_reply, void* user);
    /* Up to `capacity` bytes into `buffer`; returns how many, 0 at the end, -1 when reading failed:
     * the host has its reason and the stage should return CARRICK_FAILED. */
    int64_t (*read)(const carrick_call* call, uint64_t stream, char* buffer, uint64_t capacity);
    void (*close)(const carrick_call* call, uint64_t stream);
} carrick_stream;

#define CARRICK_ARCHIVE_EXTENSION "carrick.archive.v0"

typedef struct carrick_archive {
    uint32_t struct_size;
    uint32_t reserved0;
    /* Opens an archived document by its id, from `offset` (bytes of its text) on, to be read and
     * closed through carrick_stream. Going on where an earlier call of this instance stopped
     * reading costs nothing. One reply, as of `open` above; FAILED: unknown or purged. */
    int32_t (*open)(const carrick_call* call, carrick_span id, uint64_t offset, uint64_t* stream,
                    carrick_reply_handler on_reply, void* user);
} carrick_archive;

#ifdef __cplusplus
}
#endif

/* ---- sizes and offsets are part of the contract ------------------------------------------------
 */

#ifdef __cplusplus
#define CARRICK_ASSERT_SIZE(type, size) static_assert(sizeof(type) == (size), "ABI: size of " #type)
#define CARRICK_ASSERT_OFFSET(type, member, offset) \
    static_assert(__builtin_offsetof(type, member) == (offset), "ABI: offset of " #type "." #member)
#else
#define CARRICK_ASSERT_SIZE(type, size) \
    _Static_assert(sizeof(type) == (size), "ABI: size of " #type)
#define CARRICK_ASSERT_OFFSET(type, member, offset)              \
    _Static_assert(__builtin_offsetof(type, member) == (offset), \
                   "ABI: offset of " #type "." #member)
#endif

CARRICK_ASSERT_SIZE(void*, 8);
CARRICK_ASSERT_SIZE(carrick_span, 16);
CARRICK_ASSERT_SIZE(carrick_error, 64);
CARRICK_ASSERT_OFFSET(carrick_error, retry_after_ms, 56);
CARRICK_ASSERT_SIZE(carrick_record, 144);
CARRICK_ASSERT_OFFSET(carrick_record, version, 72);
CARRICK_ASSERT_OFFSET(carrick_record, body, 112);
CARRICK_ASSERT_SIZE(carrick_ledger_entry, 32);
CARRICK_ASSERT_SIZE(carrick_lookup_result, 64);
CARRICK_ASSERT_OFFSET(carrick_lookup_result, body, 48);
CARRICK_ASSERT_SIZE(carrick_payload, 80);
CARRICK_ASSERT_OFFSET(carrick_payload, body, 64);
CARRICK_ASSERT_SIZE(carrick_attempt, 64);
CARRICK_ASSERT_SIZE(carrick_wait, 40);
CARRICK_ASSERT_SIZE(carrick_outcome, 112);
CARRICK_ASSERT_OFFSET(carrick_outcome, look_again_at, 88);
CARRICK_ASSERT_OFFSET(carrick_outcome, error, 104);
CARRICK_ASSERT_SIZE(carrick_call, 40);
CARRICK_ASSERT_SIZE(carrick_request, 48);
CARRICK_ASSERT_SIZE(carrick_reply, 32);
CARRICK_ASSERT_SIZE(carrick_host, 96);
CARRICK_ASSERT_OFFSET(carrick_host, call, 16);
CARRICK_ASSERT_OFFSET(carrick_host, log_enabled, 88);
CARRICK_ASSERT_SIZE(carrick_pure, 64);
CARRICK_ASSERT_SIZE(carrick_flow, 80);
CARRICK_ASSERT_OFFSET(carrick_flow, resume, 72);
CARRICK_ASSERT_SIZE(carrick_plugin, 56);
CARRICK_ASSERT_SIZE(carrick_command_io, 64);
CARRICK_ASSERT_SIZE(carrick_command, 16);
CARRICK_ASSERT_SIZE(carrick_stream, 32);
CARRICK_ASSERT_SIZE(carrick_archive, 16);

#endif /* CARRICK_PLUGIN_H */
