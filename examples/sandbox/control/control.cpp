// SPDX-License-Identifier: Apache-2.0
// Routes of the control API.
#include "examples/sandbox/control/control.hpp"

#include "examples/sandbox/verdict/documents.hpp"
#include "examples/sandbox/verdict/verdict.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace carrick::sandbox {
namespace {

Response failure(int status, const Error& error) {
    return Response::json(
        status, Json::object(
                    {{"error", Json::object({{"code", error.code}, {"message", error.message}})}}));
}

Response plain_text(std::string text) {
    Response response;
    response.body = std::move(text);
    response.set_header("Content-Type", "text/plain; charset=utf-8");
    return response;
}

Json clock_json(Sandbox& sandbox) {
    const UtcTime now = sandbox.clock().now();
    return Json::object({{"now", now.text()},
                         {"now_ms", now.milliseconds()},
                         {"speed_percent", sandbox.clock().speed_percent()}});
}

Response get_clock(Sandbox& sandbox, const Request&, const Json&) {
    return Response::json(200, clock_json(sandbox));
}

Response get_state(Sandbox& sandbox, const Request&, const Json&) {
    std::map<std::string, std::uint64_t> by_status;
    const UtcTime now = sandbox.clock().now();
    const std::vector<const Order*> orders = sandbox.world().orders();
    for (const Order* order : orders)
        if (const std::optional<OrderState> state = order->at(now))
            ++by_status[std::string(status_text(state->status))];
    Json statuses = Json::object();
    for (const auto& [status, count] : by_status) statuses.set(status, count);
    const WorldOptions& world = sandbox.world().options();
    return Response::json(
        200, Json::object({{"clock", clock_json(sandbox)},
                           {"world", Json::object({{"seed", world.seed},
                                                   {"start", world.start.text()},
                                                   {"go_live", world.go_live.text()},
                                                   {"orders", std::uint64_t{orders.size()}},
                                                   {"orders_per_hour", world.orders_per_hour},
                                                   {"by_status", std::move(statuses)}})},
                           {"switches", sandbox.switches().describe()},
                           {"faults", sandbox.faults().describe()}}));
}

/// A whole number of the body, or nothing; an error for anything else.
Result<std::optional<std::int64_t>> number_of(const Json& body, std::string_view key) {
    const Json* value = body.find(key);
    if (value == nullptr) return std::optional<std::int64_t>();
    const std::optional<std::int64_t> number = value->integer_if();
    if (!number || *number < 0)
        return rejected("sandbox.control",
                        "\"" + std::string(key) + "\" must be a whole number from 0");
    return number;
}

Response post_clock(Sandbox& sandbox, const Request&, const Json& body) {
    const Result<std::optional<std::int64_t>> speed = number_of(body, "speed_percent");
    const Result<std::optional<std::int64_t>> seconds = number_of(body, "advance_s");
    const Result<std::optional<std::int64_t>> milliseconds = number_of(body, "advance_ms");
    for (const auto* each : {&speed, &seconds, &milliseconds})
        if (!*each) return failure(400, each->error());
    if (*speed) sandbox.clock().set_speed_percent(**speed);
    sandbox.clock().advance(Milliseconds(seconds->value_or(0) * 1000 + milliseconds->value_or(0)));
    return Response::json(200, clock_json(sandbox));
}

Response post_faults(Sandbox& sandbox, const Request&, const Json& body) {
    if (const Result<void> done = sandbox.faults().configure(body); !done)
        return failure(400, done.error());
    return Response::json(200, Json::object({{"rules", sandbox.faults().describe()}}));
}

Response post_switches(Sandbox& sandbox, const Request&, const Json& body) {
    for (const JsonMember& member : body.members())
        if (const Result<void> done = sandbox.switches().set(member.key, member.value.text());
            !done)
            return failure(400, done.error());
    return Response::json(200, sandbox.switches().values());
}

Response post_orders(Sandbox& sandbox, const Request&, const Json& body) {
    const Result<std::optional<std::int64_t>> count = number_of(body, "count");
    if (!count) return failure(400, count.error());
    constexpr std::int64_t kMost = 100'000;
    if (count->value_or(1) > kMost)
        return failure(400, rejected("sandbox.control", "at most 100000 orders at once"));
    Json ids = Json::array();
    for (std::string& id : sandbox.world().place(static_cast<std::uint64_t>(count->value_or(1))))
        ids.push_back(std::move(id));
    return Response::json(201, Json::object({{"orders", std::move(ids)}}));
}

/// {"method": "POST", "path": "salesOrder/12/!transform/invoice", "body": {}}: what a person does
/// in NetSuite. Answers with its status, Location and body.
Response post_netsuite(Sandbox& sandbox, const Request&, const Json& body) {
    const Result<Response> done =
        sandbox.in_netsuite(body["method"].text(), body["path"].text(), body["body"]);
    if (!done) return failure(400, done.error());
    return Response::json(200, Json::object({{"status", std::int64_t{done->status}},
                                             {"location", std::string(done->header("Location"))},
                                             {"body", Json::parse(done->body).value_or(Json())}}));
}

Response post_reset(Sandbox& sandbox, const Request&, const Json&) {
    sandbox.reset();
    return Response::json(200, clock_json(sandbox));
}

Response get_stats(Sandbox& sandbox, const Request&, const Json&) {
    return Response::json(200, sandbox.statistics());
}

Response get_ledger(Sandbox& sandbox, const Request&, const Json&) {
    return Response::json(200, sandbox.ledger());
}

/// Which documents the flows that ran make of FBA orders, cancellations and changes.
Result<void> read_coverage(const Request& request, VerdictOptions& options) {
    struct Word {
        std::string_view parameter, value;
        void (*apply)(VerdictOptions&);
    };
    static constexpr std::array kWords{
        Word{"fba", "none", [](VerdictOptions& o) { o.fba = FbaDocuments::None; }},
        Word{"fba", "sales_order", [](VerdictOptions& o) { o.fba = FbaDocuments::SalesOrder; }},
        Word{"fba", "invoice", [](VerdictOptions& o) { o.fba = FbaDocuments::Invoice; }},
        Word{"fba", "cash_sale", [](VerdictOptions& o) { o.fba = FbaDocuments::CashSale; }},
        Word{"fba_per", "order", [](VerdictOptions& o) { o.fba_grain = FbaGrain::Order; }},
        Word{"fba_per", "shipment", [](VerdictOptions& o) { o.fba_grain = FbaGrain::Shipment; }},
        Word{"fulfilments", "any", [](VerdictOptions& o) { o.fulfilled = false; }},
        Word{"fulfilments", "required", [](VerdictOptions& o) { o.fulfilled = true; }},
        Word{"cancelled", "any", [](VerdictOptions& o) { o.cancelled = Aftermath::Either; }},
        Word{"cancelled", "closed", [](VerdictOptions& o) { o.cancelled = Aftermath::Followed; }},
        Word{"changes", "any", [](VerdictOptions& o) { o.changed = Aftermath::Either; }},
        Word{"changes", "follow", [](VerdictOptions& o) { o.changed = Aftermath::Followed; }},
    };
    for (const auto& [name, value] : request.query) {
        bool known = false;
        std::string choices;
        for (const Word& word : kWords) {
            if (word.parameter != name) continue;
            choices += (choices.empty() ? "" : ", ") + std::string(word.value);
            if (word.value != value) continue;
            word.apply(options);
            known = true;
        }
        if (!known && !choices.empty())
            return rejected("sandbox.control", name + " cannot be \"" + value.substr(0, 40) +
                                                   "\"; it takes " + choices);
    }
    return {};
}

Response get_verdict(Sandbox& sandbox, const Request& request, const Json&) {
    if (sandbox.netsuite() == nullptr)
        return failure(404, rejected("sandbox.control", "this sandbox has no NetSuite to judge"));
    VerdictOptions options;
    if (const std::optional<std::string> grace = request.parameter("grace_s")) {
        std::int64_t seconds = 0;
        std::from_chars(grace->data(), grace->data() + grace->size(), seconds);
        options.grace = std::chrono::seconds(seconds);
    }
    const std::string tip = request.parameter("tip").value_or("exclude");
    if (tip != "include" && tip != "exclude")
        return failure(400, rejected("sandbox.control", "tip is \"" + tip.substr(0, 40) +
                                                            "\"; use include or exclude"));
    options.tip_included = tip == "include";
    if (const Result<void> told = read_coverage(request, options); !told)
        return failure(400, told.error());
    const Verdict verdict = judge(sandbox.world(), *sandbox.netsuite(), options);
    if (request.parameter("format") != "text") return Response::json(200, verdict.json());
    return plain_text(verdict.text());
}

Response get_documents(Sandbox& sandbox, const Request&, const Json&) {
    if (sandbox.netsuite() == nullptr)
        return failure(404, rejected("sandbox.control", "this sandbox has no NetSuite"));
    return plain_text(list_documents(*sandbox.netsuite()));
}

Response get_truths(Sandbox& sandbox, const Request&, const Json&) {
    Json list = Json::array();
    const WorldOptions& world = sandbox.world().options();
    const UtcTime now = sandbox.clock().now();
    for (const Order* order : sandbox.world().orders()) {
        const Truth truth = truth_of(revised(*order, now));
        const ImportRule rule = import_rule(*order, now, world.go_live, world.start);
        static constexpr std::array<std::string_view, 3> kImport{"required", "allowed",
                                                                 "forbidden"};
        Json lines = Json::array();
        for (const ExpectedLine& line : truth.lines)
            lines.push_back(Json::object({{"item", line.item},
                                          {"order_item_id", line.order_item_id},
                                          {"quantity", line.quantity},
                                          {"net", line.net.text()},
                                          {"tax", line.tax.text()}}));
        list.push_back(Json::object({{"order_id", order->id},
                                     {"marketplace", order->marketplace->code},
                                     {"account", truth.account},
                                     {"recipe", order->recipe},
                                     {"created", order->created().text()},
                                     {"import", kImport[static_cast<std::size_t>(rule.import)]},
                                     {"reason", rule.reason},
                                     {"currency", truth.currency},
                                     {"subsidiary", truth.subsidiary},
                                     {"grand_total", truth.grand_total.text()},
                                     {"facilitator_tax", truth.facilitator_tax.text()},
                                     {"receivable", truth.receivable.text()},
                                     {"lines", std::move(lines)}}));
    }
    return Response::json(200, Json::object({{"orders", std::move(list)}}));
}

Json marketplaces_json(const World& world) {
    Json list = Json::array();
    for (const Marketplace* each : world.stores())
        list.push_back(Json::object({{"code", each->code},
                                     {"id", each->id},
                                     {"account", world.account_of(*each)},
                                     {"region", each->region},
                                     {"currency", each->currency},
                                     {"prices_include_tax", each->prices_include_tax},
                                     {"subsidiary", each->subsidiary}}));
    return list;
}

bool sells(const World& world, const SellerAccount& seller) {
    return std::any_of(world.stores().begin(), world.stores().end(), [&](const Marketplace* store) {
        return world.account_of(*store) == seller.account;
    });
}

Response get_catalogue(Sandbox& sandbox, const Request&, const Json&) {
    Json accounts = Json::array();
    for (const SellerAccount& each : seller_accounts())
        if (sells(sandbox.world(), each))
            accounts.push_back(Json::object({{"id", each.account},
                                             {"seller_id", each.seller_id},
                                             {"region", each.region},
                                             {"refresh_token", each.refresh_token}}));
    Json companies = Json::array();
    for (const Subsidiary& each : subsidiaries())
        companies.push_back(
            Json::object({{"id", each.id}, {"name", each.name}, {"currency", each.currency}}));
    Json goods = Json::array();
    Json aliases = Json::object();
    for (const Item& each : items()) {
        goods.push_back(
            Json::object({{"sku", each.sku}, {"item", each.item}, {"type", each.record_type}}));
        if (each.sku != each.item) aliases.set(each.sku, each.item);
    }
    Json charges = Json::object();
    for (const ServiceItem& each : service_items()) charges.set(each.role, each.item);
    return Response::json(
        200, Json::object({{"lwa", Json::object({{"client_id", kLwaClientId},
                                                 {"client_secret", kLwaClientSecret}})},
                           {"accounts", std::move(accounts)},
                           {"marketplaces", marketplaces_json(sandbox.world())},
                           {"subsidiaries", std::move(companies)},
                           {"items", std::move(goods)},
                           {"aliases", std::move(aliases)},
                           {"service_items", std::move(charges)}}));
}

struct Route {
    std::string_view method;
    std::string_view path;
    Response (*answer)(Sandbox&, const Request&, const Json& body);
};
constexpr std::array kRoutes{
    Route{"GET", "/state", get_state},         Route{"GET", "/clock", get_clock},
    Route{"POST", "/clock", post_clock},       Route{"POST", "/faults", post_faults},
    Route{"POST", "/switches", post_switches}, Route{"POST", "/orders", post_orders},
    Route{"POST", "/reset", post_reset},       Route{"GET", "/stats", get_stats},
    Route{"GET", "/ledger", get_ledger},       Route{"GET", "/verdict", get_verdict},
    Route{"GET", "/truths", get_truths},       Route{"GET", "/catalogue", get_catalogue},
    Route{"GET", "/documents", get_documents}, Route{"POST", "/netsuite", post_netsuite},
};

}  // namespace

Response control(Sandbox& sandbox, const Request& request) {
    Json body = Json::object();
    if (!request.body.empty()) {
        Result<Json> parsed = Json::parse(request.body);
        if (!parsed) return failure(400, parsed.error());
        if (!parsed->is_object())
            return failure(400, rejected("sandbox.control", "the body must be a JSON object"));
        body = std::move(*parsed);
    }
    for (const Route& route : kRoutes)
        if (route.method == request.method && route.path == request.path)
            return route.answer(sandbox, request, body);
    return failure(404, rejected("sandbox.control", "there is no " + request.method + " /_sandbox" +
                                                        request.path.substr(0, 80)));
}

}  // namespace carrick::sandbox
