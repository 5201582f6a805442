// SPDX-License-Identifier: Apache-2.0
// From a target to a service, with the fault that meets the request on its way.
#include "examples/sandbox/sandbox.hpp"

#include "examples/sandbox/amazon/amazon_service.hpp"
#include "examples/sandbox/control/control.hpp"
#include "examples/sandbox/gzip.hpp"

#include <array>
#include <cstdio>

namespace carrick::sandbox {
namespace {

/// RFC 9110: "Mon, 23 Nov 2026 09:05:52 GMT"
std::string http_date(UtcTime time) {
    static constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed",
                                                      "Thu", "Fri", "Sat"};
    static constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const LocalDate date = time.utc_date();
    const std::int64_t in_day = (time - UtcTime::from_date(date)).count() / 1000;
    const std::int64_t day = UtcTime::from_date(date).milliseconds() / 86'400'000;
    char text[48];
    std::snprintf(text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d GMT",
                  kDays[static_cast<std::size_t>((day + 4) % 7)],  // 1970-01-01 was a Thursday
                  date.day, kMonths[date.month - 1], date.year, static_cast<int>(in_day / 3600),
                  static_cast<int>(in_day / 60 % 60), static_cast<int>(in_day % 60));
    return text;
}

bool is_loopback_host(std::string_view host) {
    for (const std::string_view good : {"127.0.0.1", "localhost", "[::1]"})
        if (host.starts_with(good) && (host.size() == good.size() || host[good.size()] == ':'))
            return true;
    return false;
}

Response plain(int status, std::string text) {
    Response response;
    response.status = status;
    response.body = std::move(text);
    response.set_header("Content-Type", "text/plain; charset=utf-8");
    return response;
}

void maybe_compress(Response& response, const Request& request) {
    constexpr std::size_t kWorthIt = 1024;
    if (response.body.size() < kWorthIt || !response.header("Content-Encoding").empty()) return;
    if (request.header("Accept-Encoding").find("gzip") == std::string_view::npos) return;
    response.body = gzip(response.body);
    response.set_header("Content-Encoding", "gzip");
}

/// What a fault of the wire does to an answer that has taken effect.
void spoil(Response& response, const Faults::Hit& hit) {
    switch (hit.fault) {
        case Fault::DropAfter: response.drop_connection = true; return;
        case Fault::TimeoutAfter:
            response.drop_connection = true;
            response.delay = hit.delay;
            return;
        case Fault::SlowDrip: response.drip = hit.delay; return;
        case Fault::TruncatedBody:
            // There is no half of nothing: a body-less answer is lost as a whole.
            if (response.body.empty()) response.drop_connection = true;
            response.truncate_at = response.body.size() / 2;
            return;
        case Fault::BadGzip:
            response.body = broken_gzip(response.body);
            response.set_header("Content-Encoding", "gzip");
            return;
        default: return;
    }
}

/// Which stores, accounts and recipes a world has, in one word.
std::string kind_of(const World& world) {
    std::string kind;
    for (const Marketplace* store : world.stores())
        kind += (kind.empty() ? "" : ",") + std::string(store->code);
    if (world.options().changes) kind += " changes";
    if (world.options().linked) kind += " linked";
    if (world.options().restless) kind += " restless";
    return kind;
}

}  // namespace

Sandbox::Sandbox(const SandboxOptions& options, const NetSuiteFactory& netsuite)
    : options_(options),
      clock_(options.world.start, options.speed_percent),
      faults_(options.world.seed),
      world_(options.world, clock_) {
    switches_.declare("server.gzip", "on", {"on", "off"},
                      "compress bodies from 1 KiB for callers that accept gzip");
    const Environment environment{clock_, switches_, faults_, world_};
    services_.push_back(make_amazon_service(environment, options.official_quotas));
    if (!netsuite) return;
    std::unique_ptr<NetSuiteService> made = netsuite(environment);
    netsuite_ = made.get();
    services_.push_back(std::move(made));
}

Service* Sandbox::service_named(std::string_view name) const {
    for (const std::unique_ptr<Service>& service : services_)
        if (service->name() == name) return service.get();
    return nullptr;
}

Result<Response> Sandbox::in_netsuite(std::string method, const std::string& path,
                                      const Json& body) {
    if (netsuite_ == nullptr)
        return rejected("sandbox.control", "this sandbox has no NetSuite; start it with one");
    Request request;
    request.method = std::move(method);
    request.path = "/services/rest/record/v1/" + path;
    request.headers = {{"Content-Type", "application/json"}};
    if (!body.is_null()) request.body = body.dump();
    request.time = clock_.now();
    return netsuite_->by_hand(request);
}

Response Sandbox::handle(RawRequest raw) {
    Request request;
    request.method = std::move(raw.method);
    request.headers = std::move(raw.headers);
    request.body = std::move(raw.body);
    request.time = clock_.now();
    const std::size_t mark = std::min(raw.target.find('?'), raw.target.size());
    if (mark < raw.target.size())
        request.query = parse_query(std::string_view(raw.target).substr(mark + 1));
    const std::string path = raw.target.substr(0, mark);
    const std::size_t slash = std::min(path.find('/', 1), path.size());
    const std::string prefix = path.size() > 1 ? path.substr(1, slash - 1) : "";
    request.path = slash < path.size() ? path.substr(slash) : "/";
    request.base_url = raw.host_url + "/" + prefix;

    // A page in a browser must not reach the sandbox through a name of its own.
    if (!request.header("Host").empty() && !is_loopback_host(request.header("Host")))
        return plain(421, "The sandbox answers to loopback names only.\n");
    if (prefix == "_sandbox") return control(*this, request);
    Service* service = service_named(prefix);
    if (service == nullptr)
        return plain(404, "carrick-sandbox: /amazon, /netsuite and /_sandbox live here.\n");
    Response response = serve(*service, request, service->operation(request));
    if (response.header("Date").empty()) response.set_header("Date", http_date(request.time));
    return response;
}

Response Sandbox::serve(Service& service, const Request& original, const std::string& operation) {
    Request request = original;
    if (const auto skew = faults_.fires(Fault::ClockSkew, service.name(), operation))
        request.time = request.time + skew->delay;
    const std::optional<Faults::Hit> hit = faults_.on_request(service.name(), operation);
    Response response;
    switch (hit ? hit->fault : Fault::SlowCommit) {  // SlowCommit is none of the wire's
        case Fault::Throttled:
        case Fault::ServerError:
        case Fault::Unavailable: response = service.fault_response(hit->fault, request); break;
        case Fault::ResetBefore: response.drop_connection = true; break;
        case Fault::TimeoutBefore:
            response.drop_connection = true;
            response.delay = hit->delay;
            break;
        case Fault::ServerErrorAfter:
            (void)service.handle(request);
            response = service.fault_response(Fault::ServerError, request);
            break;
        default:
            response = service.handle(request);
            if (hit) spoil(response, *hit);
    }
    response.set_header("Date", http_date(request.time));
    if (switches_.is("server.gzip", "on") && !response.truncate_at && !response.as_is)
        maybe_compress(response, request);
    count(service, operation, response, hit ? std::optional(hit->fault) : std::nullopt);
    return response;
}

void Sandbox::count(Service& service, const std::string& operation, const Response& response,
                    std::optional<Fault> fault) {
    const std::lock_guard lock(mutex_);
    Counter& counter = counters_[{std::string(service.name()), operation}];
    ++counter.requests;
    if (response.drop_connection)
        ++counter.statuses[0];
    else
        ++counter.statuses[response.status];
    if (fault) ++counter.faults[std::string(fault_name(*fault))];
}

Json Sandbox::statistics() const {
    Json result = Json::object();
    for (const std::unique_ptr<Service>& service : services_) {
        Json own = service->statistics();
        own.member("operations") = Json::object();
        result.set(service->name(), std::move(own));
    }
    const std::lock_guard lock(mutex_);
    for (const auto& [key, counter] : counters_) {
        Json statuses = Json::object();
        for (const auto& [status, count] : counter.statuses)
            statuses.set(status == 0 ? "dropped" : std::to_string(status), count);
        Json faults = Json::object();
        for (const auto& [name, count] : counter.faults) faults.set(name, count);
        result.member(key.first)
            .member("operations")
            .set(key.second, Json::object({{"requests", counter.requests},
                                           {"statuses", std::move(statuses)},
                                           {"faults", std::move(faults)}}));
    }
    return result;
}

Json Sandbox::ledger() const {
    Json result = Json::object();
    for (const std::unique_ptr<Service>& service : services_)
        result.set(service->name(), service->ledger());
    return result;
}

void Sandbox::reset() {
    clock_.set(options_.world.start);
    switches_.reset();
    faults_.clear();
    world_.reset();
    for (const std::unique_ptr<Service>& service : services_) service->reset();
    const std::lock_guard lock(mutex_);
    counters_.clear();
}

Json Sandbox::snapshot() const {
    const WorldOptions& world = options_.world;
    Json services = Json::object();
    for (const std::unique_ptr<Service>& service : services_)
        services.set(service->name(), service->snapshot());
    return Json::object({{"format", 1},
                         {"seed", world.seed},
                         {"orders", world.orders},
                         {"start", world.start.text()},
                         {"go_live", world.go_live.text()},
                         {"kind", kind_of(world_)},
                         {"now", clock_.now().text()},
                         {"switches", switches_.values()},
                         {"world", world_.snapshot()},
                         {"services", std::move(services)}});
}

Result<void> Sandbox::restore(const Json& snapshot) {
    const WorldOptions& world = options_.world;
    if (snapshot["seed"].integer_if() != static_cast<std::int64_t>(world.seed) ||
        snapshot["orders"].integer_if() != static_cast<std::int64_t>(world.orders) ||
        snapshot["start"].text() != world.start.text() ||
        snapshot["go_live"].text() != world.go_live.text() ||
        snapshot["kind"].text_or(kind_of(world_)) != kind_of(world_))
        return misconfigured("sandbox.state",
                             "the saved state is of another world (another seed, number of orders, "
                             "start, go-live, marketplaces or kind of orders); give the same "
                             "options or another --state");
    const Result<UtcTime> now = UtcTime::parse(snapshot["now"].text());
    if (!now) return now.error();
    clock_.set(*now);
    for (const JsonMember& member : snapshot["switches"].members())
        if (Result<void> done = switches_.set(member.key, member.value.text()); !done) return done;
    if (Result<void> done = world_.restore(snapshot["world"]); !done) return done;
    for (const std::unique_ptr<Service>& service : services_)
        if (Result<void> done = service->restore(snapshot["services"][service->name()]); !done)
            return done;
    return {};
}

}  // namespace carrick::sandbox
