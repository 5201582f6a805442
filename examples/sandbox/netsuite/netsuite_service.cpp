// SPDX-License-Identifier: Apache-2.0
// The front door: names the operation, checks token and slots, routes, and turns refusals into
// answers.
#include "examples/sandbox/netsuite/netsuite_service.hpp"

#include "examples/sandbox/netsuite/async_jobs.hpp"
#include "examples/sandbox/netsuite/document_view.hpp"
#include "examples/sandbox/netsuite/limiter.hpp"
#include "examples/sandbox/netsuite/metadata.hpp"
#include "examples/sandbox/netsuite/oauth.hpp"
#include "examples/sandbox/netsuite/period_locks.hpp"
#include "examples/sandbox/netsuite/record_api.hpp"
#include "examples/sandbox/netsuite/seed.hpp"
#include "examples/sandbox/netsuite/suiteql/query_api.hpp"
#include "examples/sandbox/netsuite/switch_table.hpp"
#include "examples/sandbox/netsuite/tba.hpp"
#include "examples/sandbox/world/world.hpp"

#include <fstream>
#include <iterator>
#include <mutex>
#include <sstream>

namespace carrick::sandbox {

namespace {

using namespace netsuite;

constexpr std::string_view kTokenPath = "/services/rest/auth/oauth2/v1/token";

FieldKind kind_of(const std::string& letter) {
    if (letter == "n") return FieldKind::Number;
    if (letter == "i") return FieldKind::Integer;
    if (letter == "b") return FieldKind::Boolean;
    if (letter == "d") return FieldKind::Date;
    if (letter == "dt") return FieldKind::DateTime;
    return FieldKind::Text;
}

std::vector<CustomField> custom_fields(const NetSuiteOptions& options) {
    std::vector<CustomField> fields = default_custom_fields();
    for (const auto& [script_id, letter] : options.custom_fields)
        fields.push_back({script_id, kind_of(letter)});
    return fields;
}

std::string whole_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<MappedCertificate> certificates(const NetSuiteOptions& options) {
    std::vector<MappedCertificate> mapped;
    for (const NetSuiteOptions::Certificate& row : options.certificates)
        mapped.push_back({row.id, row.client_id, row.pem});
    if (options.keys_directory.empty() || !write_demo_keys(options.keys_directory)) return mapped;
    for (const auto& [id, file] : {std::pair{kRsaCertificateId, "/netsuite_rsa.crt"},
                                   std::pair{kEcCertificateId, "/netsuite_ec.crt"}})
        mapped.push_back({id, kClientId, whole_file(options.keys_directory + file)});
    return mapped;
}

class Account final : public NetSuiteAccount {
public:
    Account(const Environment& environment, NetSuiteOptions options)
        : environment_(environment),
          options_(std::move(options)),
          schema_(custom_fields(options_)),
          store_(schema_),
          tables_(schema_),
          mirror_(store_, tables_),
          oauth_(certificates(options_)),
          tokens_({{kAccountId, kConsumerKey, kConsumerSecret, kTokenId, kTokenSecret}}),
          records_(store_, environment_.switches, ledger_),
          jobs_(environment_.switches,
                [this](const Request& request, UtcTime now) { return perform(request, now); }) {
        declare_switches(environment_.switches);
        store_.listen([this](const std::string& family, std::int64_t id, const Record* record) {
            const Milliseconds lag(environment_.switches.number("netsuite.suiteql_lag_ms"));
            // Seeded records have been there for long.
            UtcTime due;
            if (record == nullptr || !record->from_seed) due = time_ + lag;
            if (record != nullptr) due = std::max(due, record->visible_from);
            mirror_.note(family, id, record, due);
        });
        seed();
    }

    [[nodiscard]] std::string_view name() const override { return "netsuite"; }
    [[nodiscard]] std::string operation(const Request& request) const override;
    [[nodiscard]] Response handle(const Request& request) override;
    [[nodiscard]] Response by_hand(const Request& request) override;
    [[nodiscard]] Response fault_response(Fault fault, const Request& request) const override;
    [[nodiscard]] Json snapshot() const override;
    [[nodiscard]] Result<void> restore(const Json& snapshot) override;
    void reset() override;
    [[nodiscard]] Json statistics() const override;
    [[nodiscard]] Json ledger() const override {
        const std::lock_guard lock(mutex_);
        return ledger_.entries();
    }
    [[nodiscard]] std::vector<NetSuiteSalesOrder> sales_orders() const override;
    [[nodiscard]] std::vector<NetSuiteSalesOrder> posting_documents() const override;
    [[nodiscard]] std::vector<NetSuiteCustomer> customers() const override;

    [[nodiscard]] Result<void> fulfil(const std::string& order_id, std::int64_t line,
                                      std::int64_t quantity) override;
    [[nodiscard]] std::int64_t creates_of(std::string_view external_id) const override {
        const std::lock_guard lock(mutex_);
        return ledger_.creates_of(external_id);
    }
    [[nodiscard]] std::int64_t duplicates_of(std::string_view external_id) const override {
        const std::lock_guard lock(mutex_);
        return ledger_.duplicates_of(external_id);
    }

private:
    void seed() {
        const UtcTime start = environment_.world.options().start;
        time_ = start;
        seed_account(store_, environment_.world, start);
    }

    [[nodiscard]] UtcTime time_of(const Request& request) const {
        return request.time == UtcTime() ? environment_.clock.now() : request.time;
    }
    [[nodiscard]] Response refuse(const Refusal& refusal) const {
        return to_response(refusal, environment_.switches.is("netsuite.error_type", "rfc9110"));
    }
    [[nodiscard]] Response login_refused(const std::string& challenge) const;
    /// The challenge of a 401, when the caller is not let in.
    [[nodiscard]] std::optional<std::string> turned_away(const Request& request,
                                                         const std::string& operation, UtcTime now);
    [[nodiscard]] Response perform(const Request& request, UtcTime now);
    [[nodiscard]] Response route(const Request& request, UtcTime now);
    [[nodiscard]] Response system(const std::string& what, UtcTime now) const;
    [[nodiscard]] Response record(const Request& request, const std::vector<std::string>& path,
                                  UtcTime now);

    Environment environment_;
    NetSuiteOptions options_;
    Schema schema_;
    RecordStore store_;
    suiteql::Tables tables_;
    suiteql::Mirror mirror_;
    OAuth oauth_;
    TokenAuthentication tokens_;
    WriteLedger ledger_;
    RecordApi records_;
    AsyncJobs jobs_;
    PeriodLocks locks_;
    ConcurrencyLimiter limiter_;
    mutable std::mutex mutex_;
    UtcTime time_;  ///< of the request being handled
};

std::string Account::operation(const Request& request) const {
    const std::vector<std::string> path = request.segments();
    if (path.size() < 5 || path[0] != "services" || path[1] != "rest") return "unknown";
    if (path[2] == "auth") return request.path == kTokenPath ? "token" : "unknown";
    if (path[2] == "query") return path[4] == "suiteql" ? "suiteql" : "unknown";
    if (path[2] == "system") return path[4];
    if (path[2] == "async") return "job";
    if (path[2] != "record") return "unknown";
    if (path[4] == "metadata-catalog") return "metadata-catalog";
    const RecordType* type = schema_.find(path[4]);
    if (type == nullptr) return "unknown";
    const bool one = path.size() > 5;
    if (!one && AsyncJobs::wants(request)) return type->name + ".batch";
    std::string verb = "unknown";
    if (request.method == "GET") verb = one ? "get" : "list";
    if (request.method == "POST") verb = one ? "transform" : "create";
    if (request.method == "PATCH") verb = "update";
    if (request.method == "PUT") verb = "upsert";
    if (request.method == "DELETE") verb = "delete";
    return type->name + "." + verb;
}

Response Account::login_refused(const std::string& challenge) const {
    Refusal refusal;
    refusal.status = 401;
    refusal.code = "INVALID_LOGIN";
    refusal.detail =
        "Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at "
        "Setup > Users/Roles > User Management > View Login Audit Trail.";
    Response response = refuse(refusal);
    response.set_header("WWW-Authenticate", challenge);
    return response;
}

std::optional<std::string> Account::turned_away(const Request& request,
                                                const std::string& operation, UtcTime now) {
    static const std::string kBearer =
        "Bearer realm=\"SANDBOX\", error=\"invalid_token\", error_description=\"Invalid login "
        "attempt.\"";
    if (request.has_header("Cookie")) return kBearer;
    if (!options_.require_token && !TokenAuthentication::claims(request)) return std::nullopt;
    const bool expired =
        environment_.faults.fires(Fault::ExpiredToken, "netsuite", operation).has_value();
    if (TokenAuthentication::claims(request)) {
        const auto challenge = [](const std::string& error) {
            return "OAuth realm=\"" + std::string(kAccountId) + "\", error=\"" + error +
                   "\", error_description=\"Invalid login attempt.\"";
        };
        if (environment_.switches.is("netsuite.tba", "refused"))
            return challenge("permission_denied");
        if (std::optional<std::string> problem = tokens_.problem(request, now))
            return challenge(*problem);
        return expired ? std::optional(challenge("token_rejected")) : std::nullopt;
    }
    const bool revoked = environment_.switches.is("netsuite.certificate", "revoked");
    if (expired || revoked || !oauth_.admits(request, now)) return kBearer;
    return std::nullopt;
}

Response Account::handle(const Request& request) {
    const UtcTime now = time_of(request);
    const std::string operation = this->operation(request);
    const Switches& switches = environment_.switches;
    const std::chrono::milliseconds latency =
        typical_latency(operation, switches.number("netsuite.latency_percent"));
    if (request.path == kTokenPath) {
        const std::lock_guard lock(mutex_);
        Response response =
            oauth_.token(request, request.base_url + std::string(kTokenPath), switches, now);
        response.delay = latency;
        return response;
    }
    const auto limit = static_cast<std::size_t>(
        std::max<std::int64_t>(1, switches.number("netsuite.concurrency_limit")));
    if (!limiter_.enter(limit, std::chrono::steady_clock::now()))
        return fault_response(Fault::Throttled, request);
    Response response;
    {
        const std::lock_guard lock(mutex_);
        locks_.keep(store_, switches);
        jobs_.catch_up(now);
        if (const std::optional<std::string> challenge = turned_away(request, operation, now)) {
            response = login_refused(*challenge);
        } else {
            try {
                response = route(request, now);
            } catch (const Refusal& refusal) {
                response = refuse(refusal);
            }
        }
    }
    response.delay = std::max(response.delay, latency);
    limiter_.leave(std::chrono::steady_clock::now() + response.delay);
    return response;
}

Response Account::by_hand(const Request& request) {
    const std::lock_guard lock(mutex_);
    try {
        return route(request, time_of(request));
    } catch (const Refusal& refusal) {
        return refuse(refusal);
    }
}

Response Account::route(const Request& request, UtcTime now) {
    time_ = now;
    const std::vector<std::string> path = request.segments();
    if (path.size() >= 5 && path[0] == "services" && path[1] == "rest" && path[3] == "v1") {
        if (path[2] == "record" && path[4] == "metadata-catalog") {
            const CatalogView view{environment_.switches.is("netsuite.tax_engine", "legacy"),
                                   environment_.switches.is("netsuite.amazon_fields", "present"),
                                   environment_.switches.get("netsuite.denied_permission"),
                                   environment_.switches.is("netsuite.metadata_parts", "separate")};
            return answer_metadata(request, {path.begin() + 5, path.end()}, schema_, view);
        }
        if (path[2] == "record") return record(request, {path.begin() + 4, path.end()}, now);
        if (path[2] == "async") return jobs_.read(request, {path.begin() + 4, path.end()}, now);
        if (path[2] == "query" && path[4] == "suiteql" && request.method == "POST")
            return suiteql::answer_query(request, mirror_, tables_, environment_.switches, now);
        if (path[2] == "system" && request.method == "GET") return system(path[4], now);
    }
    Refusal refusal;
    refusal.status = 404;
    refusal.code = "INVALID_REQUEST";
    refusal.detail = "The requested URL was not found.";
    throw refusal;
}

Response Account::record(const Request& request, const std::vector<std::string>& path,
                         UtcTime now) {
    Milliseconds commit_delay(0);
    bool lost = false;
    if (request.method != "GET")
        if (const auto hit =
                environment_.faults.fires(Fault::SlowCommit, "netsuite", operation(request))) {
            commit_delay = hit->delay;
            lost = true;
        }
    const bool asynchronous = AsyncJobs::wants(request);
    const bool forgotten =
        asynchronous &&
        environment_.faults.fires(Fault::LostJob, "netsuite", operation(request)).has_value();
    Response response = asynchronous ? jobs_.submit(request, now, forgotten)
                                     : records_.handle(request, path, now, commit_delay);
    response.drop_connection = lost;
    return response;
}

/// A task of a job: the answer that the same request would have got by itself.
Response Account::perform(const Request& request, UtcTime now) {
    time_ = now;
    const std::vector<std::string> path = request.segments();
    try {
        return records_.handle(request, {path.begin() + 4, path.end()}, now, Milliseconds(0));
    } catch (const Refusal& refusal) {
        return refuse(refusal);
    }
}

Response Account::system(const std::string& what, UtcTime now) const {
    if (what == "serverTime") {
        std::string text = now.text();
        if (text.size() == 20) text.insert(19, ".000");
        return Response::json(200, Json::object({{"serverTime", text}}));
    }
    if (what == "governanceLimits") {
        const std::int64_t limit = environment_.switches.number("netsuite.concurrency_limit");
        return Response::json(200, Json::object({{"accountConcurrencyLimit", limit},
                                                 {"accountUnallocatedConcurrencyLimit", limit},
                                                 {"integrationLimitType", "accountLimit"}}));
    }
    Refusal refusal;
    refusal.status = 404;
    refusal.code = "INVALID_REQUEST";
    refusal.detail = "The requested URL was not found.";
    throw refusal;
}

Response Account::fault_response(Fault fault, const Request& request) const {
    static_cast<void>(request);
    Refusal refusal;
    if (fault == Fault::Throttled) {
        refusal.status = 429;
        refusal.code = "CONCURRENCY_LIMIT_EXCEEDED";
        refusal.detail = "Concurrent request limit exceeded. Request blocked.";
        return refuse(refusal);
    }
    if (fault == Fault::Unavailable) {
        Response response;
        response.status = 503;
        response.set_header("Content-Type", "text/html;charset=utf-8");
        response.body =
            "<!DOCTYPE html><html><head><title>NetSuite - Scheduled "
            "Maintenance</title></head><body>"
            "NetSuite is currently unavailable.</body></html>";
        return response;
    }
    refusal.status = 500;
    refusal.code = "UNEXPECTED_ERROR";
    refusal.detail = "An unexpected error occurred. Error ID: carrick-sandbox";
    return refuse(refusal);
}

Json Account::snapshot() const {
    const std::lock_guard lock(mutex_);
    return Json::object(
        {{"store", store_.snapshot()}, {"ledger", ledger_.snapshot()}, {"jobs", jobs_.snapshot()}});
}

Result<void> Account::restore(const Json& snapshot) {
    const std::lock_guard lock(mutex_);
    time_ = UtcTime();  // what was written before a restart has long been seen
    if (Result<void> done = store_.restore(snapshot["store"]); !done) return done;
    ledger_.restore(snapshot["ledger"]);
    jobs_.restore(snapshot["jobs"]);
    return {};
}

void Account::reset() {
    const std::lock_guard lock(mutex_);
    store_.clear();
    mirror_.clear();
    ledger_.clear();
    oauth_.forget_tokens();
    tokens_.forget_nonces();
    jobs_.clear();
    locks_ = {};
    seed();
}

Json Account::statistics() const {
    const std::lock_guard lock(mutex_);
    Json result = ledger_.statistics();
    std::int64_t orders = 0;
    for (const auto& [id, record] : store_.family("transaction"))
        orders += record.type->name == "salesOrder" ? 1 : 0;
    result.set("sales_orders", orders);
    result.set("jobs", std::uint64_t{jobs_.submitted()});
    result.set("concurrency_rejected", static_cast<std::int64_t>(limiter_.rejected()));
    result.set("concurrency_highest", static_cast<std::int64_t>(limiter_.highest()));
    return result;
}

std::vector<NetSuiteSalesOrder> Account::sales_orders() const {
    const std::lock_guard lock(mutex_);
    std::vector<NetSuiteSalesOrder> all;
    for (const auto& [id, record] : store_.family("transaction"))
        if (record.type->name == "salesOrder") all.push_back(document_view(record, store_));
    return all;
}

std::vector<NetSuiteSalesOrder> Account::posting_documents() const {
    const std::lock_guard lock(mutex_);
    std::vector<NetSuiteSalesOrder> all;
    for (const auto& [id, record] : store_.family("transaction"))
        if (record.type->name != "salesOrder") all.push_back(document_view(record, store_));
    return all;
}

std::vector<NetSuiteCustomer> Account::customers() const {
    const std::lock_guard lock(mutex_);
    std::vector<NetSuiteCustomer> all;
    for (const auto& [id, record] : store_.family("entity"))
        if (record.type->name == "customer")
            all.push_back({std::to_string(id), record.external_id(), record.body["entityId"].text(),
                           record.body["email"].text(), record.ref("subsidiary")});
    return all;
}

Result<void> Account::fulfil(const std::string& order_id, std::int64_t line,
                             std::int64_t quantity) {
    const std::lock_guard lock(mutex_);
    const Record* order = store_.find("transaction", order_id);
    if (order == nullptr)
        return rejected("sandbox.netsuite", "there is no sales order " + order_id);
    time_ = environment_.clock.now();
    Record changed = *order;
    changed.from_seed = false;
    Json* list = changed.body.find("item");
    for (Json& row : *list->find("items")->items_if()) {
        if (row["line"].integer_if() != line) continue;
        row.set("quantityFulfilled", quantity);
        records_.save(std::move(changed), Json::object(), time_, Milliseconds(0));
        return {};
    }
    return rejected("sandbox.netsuite",
                    "sales order " + order_id + " has no line " + std::to_string(line));
}

}  // namespace

std::unique_ptr<NetSuiteAccount> make_netsuite_service(const Environment& environment,
                                                       NetSuiteOptions options) {
    return std::make_unique<Account>(environment, std::move(options));
}

}  // namespace carrick::sandbox
