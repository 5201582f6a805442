// SPDX-License-Identifier: Apache-2.0
// The gate of the SP-API (headers, tokens, regions, quotas) and the operations behind it.
#include "examples/sandbox/amazon/amazon_service.hpp"

#include "examples/sandbox/amazon/lwa.hpp"
#include "examples/sandbox/amazon/order_json.hpp"
#include "examples/sandbox/amazon/refusal.hpp"
#include "examples/sandbox/amazon/reports/reports_api.hpp"
#include "examples/sandbox/amazon/restricted_token.hpp"
#include "examples/sandbox/amazon/routes.hpp"
#include "examples/sandbox/amazon/search_query.hpp"
#include "examples/sandbox/amazon/usage_plans.hpp"
#include "examples/sandbox/world/random.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>

namespace carrick::sandbox {
namespace {

class AmazonService final : public Service {
public:
    AmazonService(const Environment& environment, bool official_quotas)
        : environment_(environment),
          seed_(environment.world.options().seed),
          lwa_(environment, seed_),
          reports_(environment, seed_) {
        declare_switches(official_quotas);
    }

    std::string_view name() const override { return "amazon"; }
    std::string operation(const Request& request) const override {
        return route_of(request).operation;
    }
    Response handle(const Request& request) override;
    Response fault_response(Fault fault, const Request& request) const override;

    // Tokens carry their own meaning; reports are all that callers leave behind here.
    Json snapshot() const override { return Json::object({{"reports", reports_.snapshot()}}); }
    Result<void> restore(const Json& snapshot) override {
        return reports_.restore(snapshot["reports"]);
    }
    void reset() override {
        quotas_.reset();
        reports_.reset();
        requests_ = 0;
        throttled_ = 0;
        orders_answered_ = 0;
    }
    Json statistics() const override {
        return Json::object({{"tokens_issued", lwa_.issued()},
                             {"throttled_by_quota", throttled_.load()},
                             {"orders_answered", orders_answered_.load()},
                             {"reports_made", reports_.made()}});
    }
    Json ledger() const override { return Json::array(); }

private:
    struct Caller {
        const SellerAccount* seller = nullptr;
        TokenClaims claims;
    };
    struct Candidate {
        std::int64_t key = 0;
        const Order* order = nullptr;
        OrderState state;
    };

    void declare_switches(bool official_quotas);
    Response answer(const Request& request);
    static Response wording(Fault fault);
    std::string next_request_id() const;
    std::optional<Response> check_caller(const Request& request, const Route& route,
                                         Caller& caller);
    Response dispatch(const Request& request, const Route& route, const Caller& caller);
    Response search_orders(const Request& request, const Caller& caller);
    Response get_order(const Request& request, const Route& route, const Caller& caller);
    Response participations(const Caller& caller) const;
    Response restricted_token(const Request& request, const Caller& caller);
    /// In the listing's order; one more than a page holds, if there are that many.
    std::vector<Candidate> candidates(const SearchQuery& query, const Caller& caller, UtcTime now,
                                      const std::optional<PagePosition>& position) const;
    std::size_t page_length(std::size_t page_size, std::uint64_t page,
                            const std::string& behind) const;
    std::optional<OrderState> visible_state(const Order& order, UtcTime now) const;
    OrderView view_for(const TextSet& included, UtcTime now) const;
    bool on(std::string_view name) const { return environment_.switches.is(name, "on"); }

    Environment environment_;
    std::uint64_t seed_;
    Lwa lwa_;
    ReportsApi reports_;
    Quotas quotas_;
    mutable std::atomic<std::uint64_t> requests_{0};
    std::atomic<std::uint64_t> throttled_{0};
    std::atomic<std::uint64_t> orders_answered_{0};
};

/// What a client is told while there are no quotas: more than it can use.
constexpr std::string_view kNoLimit = "1000.0";

void AmazonService::declare_switches(bool official_quotas) {
    Switches& switches = environment_.switches;
    switches.declare("amazon.quotas", official_quotas ? "official" : "off", {"off", "official"},
                     "usage plans of the documentation on the sandbox's clock, or none");
    switches.declare("amazon.item_price", "net", {"net", "gross_in_vat_stores"},
                     "whether ITEM and the other amounts hold the tax where prices include it");
    switches.declare("amazon.discount_sign", "negative", {"negative", "positive"},
                     "whether a DISCOUNT is a negative subtotal or a positive one to take off");
    switches.declare(
        "amazon.vat_tax", "given", {"given", "absent"},
        "whether TAX is stated where prices include it and Amazon does not collect it");
    switches.declare("amazon.roles", "all", {"all", "no_pii"},
                     "no_pii: the application lacks the restricted roles, personal data is absent");
    switches.declare("amazon.visibility_delay_s", "0", {},
                     "an order shows up in listings up to so many seconds late (0 to 300)");
    switches.declare("amazon.get_order_delay_s", "0", {},
                     "getOrder answers 404 for so many seconds after an order was placed");
    switches.declare("amazon.result_order", "ascending", {"ascending", "descending"},
                     "order of searchOrders results by the chosen date; nobody may rely on it");
    switches.declare("amazon.short_pages", "off", {"off", "on"},
                     "pages now and then short or empty although a token follows");
    switches.declare("amazon.repeated_orders", "off", {"off", "on"},
                     "the last order of a page now and then again on the next one");
    switches.declare("amazon.unknown_values", "off", {"off", "on"},
                     "words that are in no enumeration yet");
}

Response AmazonService::wording(Fault fault) {
    switch (fault) {
        case Fault::Throttled:
            return sp_refusal(429, "QuotaExceeded",
                              "You exceeded your quota for the requested resource.");
        case Fault::Unavailable:
            return sp_refusal(503, "ServiceUnavailable",
                              "Service is temporarily unavailable. Please try again later.");
        default:
            return sp_refusal(500, "InternalFailure",
                              "We encountered an internal error. Please try again.");
    }
}

Response AmazonService::fault_response(Fault fault, const Request& request) const {
    if (route_of(request).operation == "downloadDocument")
        return fault == Fault::ServerError
                   ? storage_error(500, "InternalError",
                                   "We encountered an internal error. Please try again.")
                   : storage_error(503, "SlowDown", "Please reduce your request rate.");
    Response response = wording(fault);
    response.set_header("x-amzn-RequestId", next_request_id());
    return response;
}

/// Numbered rather than random: the same requests get the same answers, byte for byte.
std::string AmazonService::next_request_id() const {
    const std::uint64_t number = ++requests_;
    char text[40];
    std::snprintf(text, sizeof text, "%08llx-0000-4000-8000-%012llx",
                  static_cast<unsigned long long>(mix(seed_) & 0xffffffff),
                  static_cast<unsigned long long>(number));
    return text;
}

Response AmazonService::handle(const Request& request) {
    Response response = answer(request);
    response.set_header("x-amzn-RequestId", next_request_id());
    return response;
}

Response AmazonService::answer(const Request& request) {
    const Route route = route_of(request);
    if (route.operation == "token") return lwa_.token(request);
    if (route.operation == "downloadDocument") return reports_.download(request, route.id);
    Caller caller;
    if (std::optional<Response> refused = check_caller(request, route, caller)) return *refused;
    const UsagePlan* plan = usage_plan(route.operation);
    if (plan == nullptr) return denied("");  // wrong path, wrong version, removed operation
    const bool official = environment_.switches.is("amazon.quotas", "official");
    if (official &&
        !quotas_.take(*plan, caller.seller->seller_id, caller.claims.application, request.time)) {
        ++throttled_;
        return wording(Fault::Throttled);
    }
    Response response = dispatch(request, route, caller);
    if ((response.status >= 200 && response.status < 210) || response.status == 400 ||
        response.status == 404)
        response.set_header("x-amzn-RateLimit-Limit",
                            official ? std::string(plan->rate_text) : std::string(kNoLimit));
    return response;
}

std::optional<Response> AmazonService::check_caller(const Request& request, const Route& route,
                                                    Caller& caller) {
    const std::string_view agent = request.header("user-agent");
    if (agent.empty()) return sp_refusal(400, "InvalidInput", "The user-agent header is missing.");
    if (agent.size() > 500)
        return sp_refusal(400, "InvalidInput",
                          "The user-agent header has more than 500 characters.");
    const std::string_view token = request.header("x-amz-access-token");
    if (token.empty()) return denied("Access token is missing in the request header.");
    const TokenClaims claims = lwa_.read(token, request.time);
    const bool called_expired =
        claims.fault == TokenFault::None &&
        environment_.faults.fires(Fault::ExpiredToken, name(), route.operation).has_value();
    if (claims.fault == TokenFault::Expired || called_expired)
        return denied("The access token you provided has expired.");
    if (claims.fault != TokenFault::None)
        return denied("The access token you provided is revoked, malformed or invalid.");
    if (environment_.switches.is("amazon.client_secret", "expired"))
        return denied("The LWA secret token you provided has expired.");
    for (const SellerAccount& seller : seller_accounts())
        if (seller.account == claims.account) caller.seller = &seller;
    // A grantless token opens no seller's door, one region's token no other region's.
    if (caller.seller == nullptr) return denied("");
    if (!route.region.empty() && route.region != caller.seller->region) return denied("");
    // A restricted data token opens what it names and nothing else.
    if (claims.restricted &&
        std::find(claims.resources.begin(), claims.resources.end(),
                  RestrictedResource{request.method, route.path}) == claims.resources.end())
        return denied("");
    caller.claims = claims;
    return std::nullopt;
}

Response AmazonService::dispatch(const Request& request, const Route& route, const Caller& caller) {
    if (route.operation == "searchOrders") return search_orders(request, caller);
    if (route.operation == "getOrder") return get_order(request, route, caller);
    if (route.operation == "getMarketplaceParticipations") return participations(caller);
    if (route.operation == "createRestrictedDataToken") return restricted_token(request, caller);
    return reports_.handle(request, route, {*caller.seller, caller.claims.restricted});
}

Response AmazonService::restricted_token(const Request& request, const Caller& caller) {
    const Result<std::vector<RestrictedResource>> resources = read_restricted_resources(request);
    if (!resources) return invalid_input(resources.error().message);
    // An application without the restricted roles gets no such token.
    if (!environment_.switches.is("amazon.roles", "all"))
        return sp_refusal(403, "Unauthorized",
                          "Application does not have access to one or more requested data "
                          "elements.");
    return lwa_.restricted_token(caller.claims, *resources, request.time);
}

OrderView AmazonService::view_for(const TextSet& included, UtcTime now) const {
    const Switches& switches = environment_.switches;
    OrderView view;
    view.included = included;
    view.may_see_pii = switches.is("amazon.roles", "all");
    view.item_price_gross = switches.is("amazon.item_price", "gross_in_vat_stores");
    view.discount_positive = switches.is("amazon.discount_sign", "positive");
    view.vat_tax_absent = switches.is("amazon.vat_tax", "absent");
    view.unknown_values = on("amazon.unknown_values");
    view.now = now;
    return view;
}

/// What listings know of an order: the truth of a moment ago, longer ago for some than for others.
std::optional<OrderState> AmazonService::visible_state(const Order& order, UtcTime now) const {
    const std::int64_t most = environment_.switches.number("amazon.visibility_delay_s") * 1000;
    if (most <= 0) return order.at(now);
    const auto delay = static_cast<std::int64_t>(mix(seed_ ^ 0xde1a, order.number) %
                                                 (static_cast<std::uint64_t>(most) + 1));
    return order.at(now - Milliseconds(delay));
}

std::vector<AmazonService::Candidate> AmazonService::candidates(
    const SearchQuery& query, const Caller& caller, UtcTime now,
    const std::optional<PagePosition>& position) const {
    const bool descending = environment_.switches.is("amazon.result_order", "descending");
    const std::int64_t sign = descending ? -1 : 1;
    // Without a limit of the caller's own, the listing runs on to the present while it is paged: an
    // order that changes meanwhile comes once more at its end.
    const UtcTime before = query.before_is_given
                               ? query.before
                               : std::max(query.before, now - std::chrono::minutes(2));
    UtcTime from = query.after;
    UtcTime to = before;
    if (position && position->key != INT64_MIN) {
        const UtcTime reached(sign * position->key);
        if (descending)
            to = std::min(to, reached);
        else
            from = std::max(from, reached);
    }
    std::vector<Candidate> found;
    environment_.world.visit_happenings(
        from, to, descending, [&](UtcTime date, const Order& order) {
            if (order.account != caller.seller->account) return true;
            if (!query.marketplace_ids.empty() &&
                !query.marketplace_ids.contains(order.marketplace->id))
                return true;
            if (!query.fulfilled_by.empty() &&
                !query.fulfilled_by.contains(order.amazon_fulfilled ? "AMAZON" : "MERCHANT"))
                return true;
            const std::optional<OrderState> state = visible_state(order, now);
            if (!state) return true;
            // Only what the listing goes by: other things happened to the order at other times.
            if (date != (query.by_update ? state->last_updated : order.created())) return true;
            if (!query.statuses.empty() && !query.statuses.contains(status_text(state->status)))
                return true;
            const std::int64_t key = sign * date.milliseconds();
            if (position &&
                (key < position->key || (key == position->key && order.id <= position->order_id)))
                return true;
            found.push_back({key, &order, *state});
            return found.size() <= query.page_size;  // one more tells that a page follows
        });
    return found;
}

/// How many orders this page may hold. A page may be short or empty while more follow.
std::size_t AmazonService::page_length(std::size_t page_size, std::uint64_t page,
                                       const std::string& behind) const {
    if (!on("amazon.short_pages")) return page_size;
    switch (mix(mix_text(seed_, behind), page) % 6) {
        case 0: return 0;
        case 1: return (page_size + 1) / 2;
        default: return page_size;
    }
}

Response AmazonService::search_orders(const Request& request, const Caller& caller) {
    const Result<SearchRequest> parsed = parse_search(request, seed_);
    if (!parsed) return sp_refusal(400, "InvalidInput", parsed.error().message);
    const SearchQuery& query = parsed->query;
    for (const std::string& id : query.marketplace_ids) {
        const Marketplace* marketplace = marketplace_by_id(id);
        if (marketplace == nullptr)
            return sp_refusal(400, "InvalidInput", "Invalid marketplaceId: " + id.substr(0, 40));
        if (environment_.world.account_of(*marketplace) != caller.seller->account)
            return denied("");
    }

    const std::vector<Candidate> found = candidates(query, caller, request.time, parsed->position);
    const std::uint64_t page = parsed->position ? parsed->position->page : 0;
    const std::string behind = parsed->position ? parsed->position->order_id : "";
    std::size_t length = std::min(found.size(), page_length(query.page_size, page, behind));
    const bool repeats = !behind.empty() && length > 0 && on("amazon.repeated_orders") &&
                         mix_text(seed_ ^ 0x7e, behind) % 2 == 0;
    // The page's limit holds for the repeated order too; a page of one would never get on.
    if (repeats && length == query.page_size && length > 1) --length;
    const OrderView view = view_for(query.included, request.time);
    Json orders = Json::array();
    if (repeats && length < query.page_size)
        if (const Order* again = environment_.world.find(behind))
            if (const std::optional<OrderState> state = visible_state(*again, request.time))
                orders.push_back(order_json(revised(*again, state->last_updated), *state, view));
    for (std::size_t i = 0; i < length; ++i)
        orders.push_back(order_json(revised(*found[i].order, found[i].state.last_updated),
                                    found[i].state, view));
    orders_answered_ += orders.size();

    Json body = Json::object({{"orders", std::move(orders)}});
    if (length < found.size()) {
        PagePosition next;
        next.page = page + 1;
        if (length > 0) {
            next.key = found[length - 1].key;
            next.order_id = found[length - 1].order->id;
        } else if (parsed->position) {
            next.key = parsed->position->key;
            next.order_id = parsed->position->order_id;
        } else {
            next.key = INT64_MIN;
        }
        body.set("pagination",
                 Json::object({{"nextToken", pagination_token(query, next, request.time, seed_)}}));
    }
    body.set(query.by_update ? "lastUpdatedBefore" : "createdBefore", query.before.text());
    return Response::json(200, body);
}

Response AmazonService::get_order(const Request& request, const Route& route,
                                  const Caller& caller) {
    const Result<TextSet> included = parse_included(request);
    if (!included) return sp_refusal(400, "InvalidInput", included.error().message);
    const Order* order = environment_.world.find(route.id);
    const auto delay =
        std::chrono::seconds(environment_.switches.number("amazon.get_order_delay_s"));
    if (order == nullptr || order->account != caller.seller->account ||
        order->created() + delay > request.time)
        return sp_refusal(404, "NotFound", "The requested order was not found.");
    const std::optional<OrderState> state = order->at(request.time);
    if (!state) return sp_refusal(404, "NotFound", "The requested order was not found.");
    ++orders_answered_;
    return Response::json(
        200, Json::object({{"order", order_json(revised(*order, state->last_updated), *state,
                                                view_for(*included, request.time))}}));
}

Response AmazonService::participations(const Caller& caller) const {
    Json list = Json::array();
    const auto add = [&](std::string_view id, std::string_view shown, std::string_view country,
                         std::string_view currency, std::string_view language,
                         std::string_view domain) {
        list.push_back(Json::object(
            {{"marketplace", Json::object({{"id", id},
                                           {"name", shown},
                                           {"countryCode", country},
                                           {"defaultCurrencyCode", currency},
                                           {"defaultLanguageCode", language},
                                           {"domainName", domain}})},
             {"participation",
              Json::object({{"isParticipating", true}, {"hasSuspendedListings", false}})},
             {"storeName", caller.seller->store_name}}));
    };
    for (const Marketplace* each : environment_.world.stores())
        if (environment_.world.account_of(*each) == caller.seller->account)
            add(each->id, each->name, each->country, each->currency, each->language, each->domain);
    // Stores that are none are listed too, and must be skipped by name.
    if (caller.seller->account == "NA1")
        add("A2ZV50J4W1RKNI", "Non-Amazon", "US", "USD", "en_US", "sim1.stores.amazon.com");
    return Response::json(200, Json::object({{"payload", std::move(list)}}));
}

}  // namespace

std::unique_ptr<Service> make_amazon_service(const Environment& environment, bool official_quotas) {
    return std::make_unique<AmazonService>(environment, official_quotas);
}

}  // namespace carrick::sandbox
