// SPDX-License-Identifier: Apache-2.0
// The front door: names the operation, checks token and slots, routes, and turns refusals into
// answers.
#include "examples/sandbox/netsuite/netsuite_service.hpp"

#include "examples/sandbox/netsuite/limiter.hpp"
#include "examples/sandbox/netsuite/metadata.hpp"
#include "examples/sandbox/netsuite/oauth.hpp"
#include "examples/sandbox/netsuite/record_api.hpp"
#include "examples/sandbox/netsuite/seed.hpp"
#include "examples/sandbox/netsuite/suiteql/query_api.hpp"
#include "examples/sandbox/netsuite/switch_table.hpp"
#include "examples/sandbox/world/world.hpp"

#include <fstream>
#include <iterator>
#include <mutex>
#include <sstream>

namespace carrick::sandbox {

namespace {

using namespace netsuite;

constexpr std::string_view kTokenPath = "/services/rest/auth/oauth2/v1/token";

Decimal number(const Json& value) {
    return value.decimal_if().value_or(Decimal());
}

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
          records_(store_, environment_.switches, ledger_) {
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
    [[nodiscard]] Response login_refused() const;
    [[nodiscard]] Response route(const Request& request, UtcTime now);
    [[nodiscard]] Response system(const std::string& what, UtcTime now) const;
    [[nodiscard]] Response record(const Request& request, const std::vector<std::string>& path,
                                  UtcTime now);
    [[nodiscard]] NetSuiteSalesOrder view_of(const Record& order) const;

    Environment environment_;
    NetSuiteOptions options_;
    Schema schema_;
    RecordStore store_;
    suiteql::Tables tables_;
    suiteql::Mirror mirror_;
    OAuth oauth_;
    WriteLedger ledger_;
    RecordApi records_;
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
    if (path[2] != "record") return "unknown";
    if (path[4] == "metadata-catalog") return "metadata-catalog";
    const RecordType* type = schema_.find(path[4]);
    if (type == nullptr) return "unknown";
    const bool one = path.size() > 5;
    std::string verb = "unknown";
    if (request.method == "GET") verb = one ? "get" : "list";
    if (request.method == "POST") verb = one ? "transform" : "create";
    if (request.method == "PATCH") verb = "update";
    if (request.method == "PUT") verb = "upsert";
    if (request.method == "DELETE") verb = "delete";
    return type->name + "." + verb;
}

Response Account::login_refused() const {
    Refusal refusal;
    refusal.status = 401;
    refusal.code = "INVALID_LOGIN";
    refusal.detail =
        "Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at "
        "Setup > Users/Roles > User Management > View Login Audit Trail.";
    Response response = refuse(refusal);
    response.set_header("WWW-Authenticate",
                        "Bearer realm=\"SANDBOX\", error=\"invalid_token\", "
                        "error_description=\"Invalid login attempt.\"");
    return response;
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
        const bool expired =
            environment_.faults.fires(Fault::ExpiredToken, "netsuite", operation).has_value();
        const bool revoked = switches.is("netsuite.certificate", "revoked");
        if (request.has_header("Cookie") ||
            (options_.require_token && (expired || revoked || !oauth_.admits(request, now)))) {
            response = login_refused();
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

Response Account::route(const Request& request, UtcTime now) {
    time_ = now;
    const std::vector<std::string> path = request.segments();
    if (path.size() >= 5 && path[0] == "services" && path[1] == "rest" && path[3] == "v1") {
        if (path[2] == "record" && path[4] == "metadata-catalog") {
            const CatalogView view{environment_.switches.is("netsuite.tax_engine", "legacy"),
                                   environment_.switches.get("netsuite.denied_permission"),
                                   environment_.switches.is("netsuite.metadata_parts", "separate")};
            return answer_metadata(request, {path.begin() + 5, path.end()}, schema_, view);
        }
        if (path[2] == "record") return record(request, {path.begin() + 4, path.end()}, now);
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
    Response response = records_.handle(request, path, now, commit_delay);
    response.drop_connection = lost;
    return response;
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
    return Json::object({{"store", store_.snapshot()}, {"ledger", ledger_.snapshot()}});
}

Result<void> Account::restore(const Json& snapshot) {
    const std::lock_guard lock(mutex_);
    time_ = UtcTime();  // what was written before a restart has long been seen
    if (Result<void> done = store_.restore(snapshot["store"]); !done) return done;
    ledger_.restore(snapshot["ledger"]);
    return {};
}

void Account::reset() {
    const std::lock_guard lock(mutex_);
    store_.clear();
    mirror_.clear();
    ledger_.clear();
    oauth_.forget_tokens();
    seed();
}

Json Account::statistics() const {
    const std::lock_guard lock(mutex_);
    Json result = ledger_.statistics();
    std::int64_t orders = 0;
    for (const auto& [id, record] : store_.family("transaction"))
        orders += record.type->name == "salesOrder" ? 1 : 0;
    result.set("sales_orders", orders);
    result.set("concurrency_rejected", static_cast<std::int64_t>(limiter_.rejected()));
    result.set("concurrency_highest", static_cast<std::int64_t>(limiter_.highest()));
    return result;
}

NetSuiteSalesOrder Account::view_of(const Record& order) const {
    NetSuiteSalesOrder view;
    view.internal_id = std::to_string(order.id);
    view.external_id = order.external_id();
    view.other_ref_num = order.body["otherRefNum"].text();
    for (const char* field : {"custbody_celigo_etail_order_id", "custbody_fa_channel_order"})
        if (view.marketplace_order_id.empty()) view.marketplace_order_id = order.body[field].text();
    view.entity = order.ref("entity");
    view.subsidiary = order.ref("subsidiary");
    if (const Record* currency = store_.find("currency", order.ref("currency")))
        view.currency = currency->body["symbol"].text();
    view.status = order.ref("status");
    if (view.status == "C") view.status = "cancelled";
    if (view.status == "H") view.status = "closed";
    view.total = number(order.body["total"]);
    Decimal untold_tax = number(order.body["taxTotal"]);
    for (const Json& line : order.body["item"]["items"].items()) {
        const Record* item = store_.find("item", line["item"]["id"].text());
        if (item == nullptr) continue;
        view.lines.push_back({item->body["itemId"].text(), number(line["quantity"]),
                              number(line["amount"]), number(line["taxAmount"]), item->type->name});
        untold_tax = untold_tax.minus(view.lines.back().tax_amount).value_or(untold_tax);
    }
    // Amounts of the header are lines too; tax that belongs to no line is the shipping's.
    if (const Decimal shipping = number(order.body["shippingCost"]); !shipping.is_zero()) {
        const Record* method = store_.find("shipItem", order.ref("shipMethod"));
        view.lines.push_back({method != nullptr ? method->body["itemId"].text() : "Shipping",
                              Decimal(1), shipping, untold_tax, "shipItem"});
    }
    if (const Decimal discount = number(order.body["discountTotal"]); !discount.is_zero())
        if (const Record* item = store_.find("item", order.ref("discountItem")))
            view.lines.push_back(
                {item->body["itemId"].text(), Decimal(), discount, Decimal(), item->type->name});
    return view;
}

std::vector<NetSuiteSalesOrder> Account::sales_orders() const {
    const std::lock_guard lock(mutex_);
    std::vector<NetSuiteSalesOrder> all;
    for (const auto& [id, record] : store_.family("transaction"))
        if (record.type->name == "salesOrder") all.push_back(view_of(record));
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
