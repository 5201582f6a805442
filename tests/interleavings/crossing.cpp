// SPDX-License-Identifier: Apache-2.0
#include "tests/interleavings/crossing.hpp"

#include "core/app/offered.hpp"
#include "core/archive/archive.hpp"
#include "core/base/failpoint.hpp"
#include "core/config/config.hpp"
#include "core/connectors/amazon/amazon_connection.hpp"
#include "core/connectors/netsuite/netsuite_connection.hpp"
#include "core/engine/engine.hpp"
#include "core/engine/engine_builder.hpp"
#include "core/store/sqlite/sqlite_store.hpp"
#include "examples/sandbox/netsuite/netsuite_service.hpp"
#include "tests/interleavings/in_process.hpp"
#include "tests/interleavings/settling.hpp"
#include "tests/support/virtual_clock.hpp"

#include <unistd.h>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

namespace carrick::interleavings {

namespace {

using testing::SeededRandom;

constexpr std::uint64_t kOrdersAnHour = 60;
// A restless life takes up to 60 hours; the last orders of a world need that long, too.
constexpr Milliseconds kLives = std::chrono::hours(60);
// A parcel stands in a report up to a day after it has left.
constexpr Milliseconds kLate = std::chrono::hours(25);
// The longest retry delay is an hour.
constexpr Milliseconds kQuiet = std::chrono::hours(8);

/// Deliberately no std::exception, so that nothing handles it.
struct SimulatedCrash {};

// Between a call into a plugin and the next; a real process dies inside one, too, but an exception
// cannot pass a plugin. tests/kill.sh does that.
constexpr std::array kPlaces{"engine.before_extract",        "engine.before_page_commit",
                             "engine.after_page_commit",     "engine.before_needs",
                             "engine.after_lookups",         "engine.after_map",
                             "engine.before_deliver",        "engine.after_deliver",
                             "engine.before_outcome_commit", "engine.after_outcome_commit"};

std::string text_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// Where nothing waits for a disk, if there is such a place: a world archives hundreds of reports,
/// and no power is cut here.
std::filesystem::path quick_folder() {
    const std::filesystem::path memory = "/dev/shm";
    std::error_code none;
    const bool usable =
        std::filesystem::is_directory(memory, none) && ::access(memory.c_str(), W_OK) == 0;
    return usable ? memory : std::filesystem::temp_directory_path();
}

/// A folder of this process, gone with it: the demo account's keys, and the archives.
const std::filesystem::path& folder() {
    struct Folder {
        std::filesystem::path path =
            quick_folder() / ("carrick_interleavings_" + std::to_string(::getpid()));
        ~Folder() {
            std::error_code ignored;
            std::filesystem::remove_all(path, ignored);
        }
    };
    static const Folder one;
    return one.path;
}

sandbox::SandboxOptions sandbox_options(const Weather& weather) {
    sandbox::SandboxOptions options;
    options.world.seed = weather.seed;
    options.world.orders = 0;
    options.world.start = UtcTime::parse("2026-11-20T00:00:00Z").value();
    options.world.go_live = UtcTime::parse("2026-11-01T07:00:00Z").value();
    options.world.orders_per_hour = kOrdersAnHour;
    options.world.live_orders = weather.orders;
    options.world.restless = true;
    for (const char* code : {"US", "DE", "JP"})
        options.world.stores.push_back(sandbox::marketplace_by_code(code));
    options.speed_percent = 0;
    options.official_quotas = false;
    return options;
}

class Crossing {
public:
    Crossing(const Weather& weather, const std::function<void(const std::string&)>& log)
        : weather_(weather),
          log_(log),
          chance_(weather.seed * 2),
          random_(weather.seed * 2 + 1),
          sandbox_(sandbox_options(weather),
                   [](const sandbox::Environment& environment) {
                       sandbox::NetSuiteOptions options;
                       options.keys_directory = folder() / "keys";
                       options.require_token = false;
                       return sandbox::make_netsuite_service(environment, options);
                   }),
          transport_(sandbox_),
          clock_(sandbox_.clock()) {}

    ~Crossing() {
        failpoint::disarm_all();
        archive_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(archive_folder(), ignored);
    }

    Judgement run();

private:
    bool prepare();
    bool connect(const config::Config& config);
    bool begin();
    void die();
    void live_until(UtcTime end);
    void step(UtcTime end);
    void pick_some();
    void retry_all();
    void judge();
    void judge_counts();
    bool problem(std::string text) {
        judgement_.problems.push_back(std::move(text));
        return false;
    }
    [[nodiscard]] std::filesystem::path archive_folder() const {
        return folder() / ("archive-" + std::to_string(weather_.seed));
    }
    [[nodiscard]] UtcTime now() const { return clock_.now(); }

    Weather weather_;
    std::function<void(const std::string&)> log_;
    SeededRandom chance_;  // of the driver: when to crash
    SeededRandom random_;  // of connectors and engine
    sandbox::Sandbox sandbox_;
    InProcessTransport transport_;
    FollowedClock clock_;
    plugin_host::ManifestSet plugins_;
    std::map<std::string, std::unique_ptr<connectors::Connection>> connections_;
    std::unique_ptr<archive::Archive> archive_;
    std::unique_ptr<store::Store> store_;
    std::optional<config::Config> config_;
    std::unique_ptr<engine::Engine> engine_;
    std::uint64_t to_next_crash_ = 0;
    std::int64_t idle_steps_ = 0;
    UtcTime next_pick_;
    Judgement judgement_;
};

bool Crossing::prepare() {
    const std::array folders{std::filesystem::path(CARRICK_BIN) / "../plugins"};
    plugins_ = plugin_host::scan_plugins(folders);
    const std::string text = weather_.flows(text_of(CARRICK_FLOWS));
    config::Loaded loaded = config::parse_config(text, folder() / "flows.yaml", plugins_, {});
    for (const config::Problem& each : loaded.problems) problem(each.text());
    if (!loaded.config || !judgement_.problems.empty()) return false;
    config_ = std::move(loaded.config);
    if (!connect(*config_)) return false;
    Result<std::unique_ptr<archive::Archive>> documents =
        archive::Archive::open({.folder = archive_folder()});
    if (!documents) return problem(documents.error().message);
    archive_ = std::move(*documents);
    Result<std::unique_ptr<store::Store>> opened = store::open_sqlite_store({.path = ":memory:"});
    if (!opened) return problem(opened.error().message);
    store_ = std::move(*opened);
    return true;
}

bool Crossing::connect(const config::Config& config) {
    for (const auto& connection : config.connections) {
        const std::string& name = connection.first;
        const config::ConnectionConfig& each = connection.second;
        Result<std::unique_ptr<connectors::Connection>> made = [&] {
            if (each.connector == config::ConnectorKind::NetSuite) {
                connectors::netsuite::NetSuiteOptions options;
                options.name = name;
                options.account = each.options["account"].text();
                options.client_id = "carrick-sandbox-client";
                options.certificate_id = "carrick-sandbox-rsa";
                options.private_key = text_of(folder() / "keys/netsuite_rsa.pem");
                options.base_url = each.options["base_url"].text();
                // One request at a time, so that a seed decides all.
                options.concurrency = 1;
                return connectors::netsuite::make_netsuite_connection(options, transport_, clock_,
                                                                      random_);
            }
            amazon::AmazonOptions options;
            options.name = name;
            const std::string region = each.options["region"].text();
            options.region =
                amazon::region_from_code(region).value_or(amazon::Region::NorthAmerica);
            options.credentials.client_id =
                "amzn1.application-oa2-client.carricksandbox0000000000000000";
            options.credentials.client_secret = "amzn1.oa2-cs.v1.carrick-sandbox-not-a-secret";
            options.credentials.refresh_token = "Atzr|carrick-sandbox-" + region;
            options.base_url = each.options["base_url"].text();
            options.token_url = options.base_url + "/auth/o2/token";
            options.parallel = 1;
            return amazon::make_amazon_connection(options, transport_, clock_, random_);
        }();
        if (!made) return problem(made.error().message);
        connections_[name] = std::move(*made);
    }
    return true;
}

bool Crossing::begin() {
    std::map<std::string, connectors::Connection*> by_name;
    for (const auto& [name, connection] : connections_) by_name[name] = connection.get();
    Result<engine::Built> built =
        engine::build_engine_settings(*config_, by_name, &app::load_offered_plugin);
    if (!built) return problem(built.error().message);
    for (const auto& [flow, error] : built->left_out) problem(flow + ": " + error.message);
    built->settings.archive = archive_.get();
    built->settings.shuffle = true;
    try {
        engine_ =
            std::make_unique<engine::Engine>(*store_, clock_, random_, std::move(built->settings));
        if (Result<void> opened = engine_->open(); !opened) return problem(opened.error().message);
    } catch (const SimulatedCrash&) {
        die();
    }
    return judgement_.problems.empty();
}

void Crossing::die() {
    ++judgement_.crashes;
    if (log_) log_(now().text() + " crash");
    engine_.reset();
    to_next_crash_ = 1 + chance_.below(20'000);
}

void Crossing::live_until(UtcTime end) {
    while (now() < end && judgement_.problems.empty()) {
        if (!engine_ && !begin()) return;
        if (!engine_) continue;
        try {
            step(end);
        } catch (const SimulatedCrash&) {
            die();
        }
    }
}

void Crossing::step(UtcTime end) {
    if (engine_->step()) {
        if (++idle_steps_ > 200'000) problem("it spins: work is runnable that never gets done");
        if (const auto fatal = engine_->fatal()) problem("fatal: " + fatal->message);
        // Work takes time, too: what happens meanwhile at Amazon is part of the interleaving.
        sandbox_.clock().advance(Milliseconds(static_cast<std::int64_t>(chance_.below(400))));
        return;
    }
    idle_steps_ = 0;
    if (weather_.follow.is("close_unless_picking")) pick_some();
    const std::optional<UtcTime> next = engine_->next_wakeup();
    const UtcTime then = next ? std::min(*next, end) : end;
    sandbox_.clock().set(std::max(then, now() + Milliseconds(1)));
}

/// Somebody in the warehouse begins to pick a merchant's order, about every other hour.
void Crossing::pick_some() {
    if (now() < next_pick_) return;
    next_pick_ = now() + std::chrono::hours(1) +
                 Milliseconds(static_cast<std::int64_t>(chance_.below(7'200'000)));
    const std::vector<sandbox::NetSuiteSalesOrder> orders = sandbox_.netsuite()->sales_orders();
    if (orders.empty()) return;
    const sandbox::NetSuiteSalesOrder& chosen = orders[chance_.below(orders.size())];
    const sandbox::Order* order = sandbox_.world().find(chosen.other_ref_num);
    if (order == nullptr || order->amazon_fulfilled) return;
    // It may be closed by then, or NetSuite may be out of order: then it is not picked.
    const sandbox::Response answer =
        sandbox_.handle({.method = "POST",
                         .target = "/netsuite/services/rest/record/v1/salesOrder/" +
                                   chosen.internal_id + "/!transform/itemFulfillment",
                         .headers = {{"Content-Type", "application/json"}},
                         .body = R"({"shipStatus":{"id":"A"}})",
                         .host_url = std::string(kHost)});
    if (log_) log_(now().text() + " picked " + order->id + ": " + std::to_string(answer.status));
}

/// What ops does when the systems are well again: everything in the queue once more.
void Crossing::retry_all() {
    if (!engine_ && !begin()) return;
    for (const std::string& flow : config_->order) {
        store::EngineRequest request;
        request.kind = "errors.retry";
        request.arguments = Json::object({{"flow", Json(flow)}}).dump();
        request.who = "interleavings";
        if (const auto posted = store_->post_request(request); !posted)
            problem(posted.error().message);
    }
    if (!engine_->poll_requests()) problem("requests cannot be read");
}

Judgement Crossing::run() {
    if (!prepare()) return std::move(judgement_);
    const UtcTime placed_until = now() + std::chrono::minutes(60 * weather_.orders / kOrdersAnHour);
    if (Result<void> armed =
            sandbox_.faults().configure(Json::object({{"profile", Json(weather_.faults)}}));
        !armed)
        problem(armed.error().message);
    if (weather_.crashes) {
        to_next_crash_ = 1 + chance_.below(5'000);
        for (const char* place : kPlaces)
            failpoint::arm(place, [this] {
                if (to_next_crash_ > 0 && --to_next_crash_ == 0) throw SimulatedCrash{};
            });
    }
    live_until(placed_until + kLives + (weather_.fba.any() ? kLate : Milliseconds(0)));
    // All is well again; what was broken meanwhile is made good, and nothing else happens.
    failpoint::disarm_all();
    if (Result<void> healed =
            sandbox_.faults().configure(Json::object({{"profile", Json("none")}}));
        !healed)
        problem(healed.error().message);
    live_until(now() + kQuiet);
    retry_all();
    live_until(now() + kQuiet);
    judge();
    return std::move(judgement_);
}

void Crossing::judge() {
    if (!judgement_.problems.empty()) return;
    for (const sandbox::Order* order : sandbox_.world().orders()) {
        ++judgement_.orders;
        judgement_.events += order->events.size();
    }
    const Settled settled = settle(weather_, sandbox_, *store_);
    judgement_.documents = settled.documents;
    judgement_.told = settled.told;
    for (const std::string& each : settled.problems) problem(each);
    if (log_)
        for (const std::string& order : settled.order_ids) tell_life(sandbox_, order, log_);
    for (const engine::InstanceStatus& status : engine_->status())
        if (status.hold)
            problem(status.name.flow + "/" + status.name.partition +
                    " is held: " + status.hold->message);
    judge_counts();
}

/// seen = done + skipped + open, for every instance.
void Crossing::judge_counts() {
    Result<std::vector<store::RunTotals>> all = store_->totals(0);
    if (!all) {
        problem(all.error().message);
        return;
    }
    for (const store::RunTotals& totals : *all) {
        std::int64_t accounted = totals.counts.done;
        for (const auto& [reason, count] : totals.counts.skipped) accounted += count;
        const std::int64_t open =
            totals.open_ready + totals.open_waiting + totals.open_failed + totals.open_shadow;
        if (totals.counts.seen != accounted + open)
            problem(totals.instance.flow + "/" + totals.instance.partition + ": " +
                    std::to_string(totals.counts.seen) + " seen, but " + std::to_string(accounted) +
                    " settled and " + std::to_string(open) + " open");
    }
}

}  // namespace

Judgement cross(const Weather& weather, const std::function<void(const std::string&)>& log) {
    return Crossing(weather, log).run();
}

}  // namespace carrick::interleavings
