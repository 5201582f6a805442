// SPDX-License-Identifier: Apache-2.0
// The life of a report on the sandbox's clock.
#include "examples/sandbox/amazon/reports/report_desk.hpp"

#include "examples/sandbox/world/random.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace carrick::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr Milliseconds kKept = 90 * 24h;

// Switches that decide what a file says; a report keeps the positions of the moment it was asked
// for, so that a file downloaded twice is the same file.
constexpr std::array<std::string_view, 9> kPositions{
    "report_discounts",      "report_discount_sign", "report_charset",
    "report_newline",        "report_columns",       "vat_tax",
    "report_pending_prices", "shipments_range",      "mcf_rows"};

struct Period {
    std::string_view text;
    std::chrono::minutes length;
};
constexpr std::array kPeriods{
    Period{"PT5M", 5min},     Period{"PT15M", 15min},   Period{"PT30M", 30min},
    Period{"PT1H", 1h},       Period{"PT2H", 2h},       Period{"PT4H", 4h},
    Period{"PT8H", 8h},       Period{"PT12H", 12h},     Period{"P1D", 24h},
    Period{"P2D", 2 * 24h},   Period{"P3D", 3 * 24h},   Period{"PT84H", 84h},
    Period{"P7D", 7 * 24h},   Period{"P14D", 14 * 24h}, Period{"P15D", 15 * 24h},
    Period{"P18D", 18 * 24h}, Period{"P30D", 30 * 24h}, Period{"P1M", 30 * 24h},
};

constexpr std::array kStatusNames{
    std::pair{ReportStatus::InQueue, std::string_view("IN_QUEUE")},
    std::pair{ReportStatus::InProgress, std::string_view("IN_PROGRESS")},
    std::pair{ReportStatus::Done, std::string_view("DONE")},
    std::pair{ReportStatus::Cancelled, std::string_view("CANCELLED")},
    std::pair{ReportStatus::Fatal, std::string_view("FATAL")}};

Json request_json(const ReportRequest& request) {
    Json stores = Json::array();
    for (const Marketplace* store : request.stores) stores.push_back(store->id);
    return Json::object({{"type", request.type->name},
                         {"stores", std::move(stores)},
                         {"from", request.from.milliseconds()},
                         {"to", request.to.milliseconds()},
                         {"has_range", request.has_range},
                         {"sales_channel", request.sales_channel},
                         {"schedule", request.schedule_id}});
}

UtcTime time_of(const Json& json, std::string_view key) {
    return UtcTime(json[key].integer_if().value_or(0));
}

std::optional<ReportRequest> request_from(const Json& json) {
    ReportRequest request;
    request.type = report_type(json["type"].text());
    for (const Json& id : json["stores"].items())
        if (const Marketplace* store = marketplace_by_id(id.text()))
            request.stores.push_back(store);
    if (request.type == nullptr || request.stores.empty()) return std::nullopt;
    request.from = time_of(json, "from");
    request.to = time_of(json, "to");
    request.has_range = json["has_range"].bool_if().value_or(false);
    request.sales_channel = json["sales_channel"].bool_if().value_or(false);
    request.schedule_id = json["schedule"].text();
    return request;
}

}  // namespace

std::string_view report_status_text(ReportStatus status) {
    for (const auto& [each, text] : kStatusNames)
        if (each == status) return text;
    return "";
}

bool Report::has_document() const {
    return outcome == ReportStatus::Done || outcome == ReportStatus::Fatal;
}

std::optional<std::chrono::minutes> schedule_period(std::string_view text) {
    for (const Period& period : kPeriods)
        if (period.text == text) return period.length;
    return std::nullopt;
}

ReportDesk::ReportDesk(const Environment& environment, std::uint64_t seed)
    : environment_(environment), seed_(seed) {
    Switches& switches = environment_.switches;
    switches.declare(
        "amazon.report_delay_s", "", {},
        "seconds from createReport to the end of the report; empty: 30 to 240, by seed");
    switches.declare("amazon.report_empty", "cancelled", {"cancelled", "header", "zero_bytes"},
                     "how a report without rows ends: CANCELLED, or DONE with a header or nothing");
    switches.declare("amazon.report_too_soon", "cancelled", {"cancelled", "old_data", "fatal"},
                     "how a report ends that was asked for again within its frequency limit");
    switches.declare("amazon.report_range", "fatal", {"fatal", "clipped"},
                     "what becomes of a period that is longer than the type allows");
    switches.declare("amazon.report_stores", "combined", {"combined", "first"},
                     "a report asked for several stores holds all of them or only the first");
    switches.declare("amazon.report_compression", "gzip", {"gzip", "plain"},
                     "how report documents are stored");
    switches.declare("amazon.report_discount_sign", "positive", {"positive", "negative"},
                     "sign of promotion discounts in report files");
    switches.declare("amazon.report_discounts", "by_type", {"by_type", "with_tax", "without_tax"},
                     "promotions in files of stores whose prices hold the tax: by_type: without "
                     "their tax in the all-orders reports, with it in the others");
    switches.declare("amazon.report_charset", "by_store", {"by_store", "utf-8", "undeclared"},
                     "encoding by type and store, always UTF-8, or by store and not declared");
    switches.declare("amazon.report_newline", "by_type", {"by_type", "crlf", "lf"},
                     "line ends of report files");
    switches.declare("amazon.report_columns", "typical", {"typical", "reduced", "padded"},
                     "reduced: only columns that all files have, trailing blanks cut off; padded: "
                     "unknown columns in between, names with blanks and underscores");
    switches.declare("amazon.report_pending_prices", "blank", {"blank", "shown"},
                     "prices of pending orders in the all-orders reports (always shown in JP)");
    switches.declare("amazon.shipments_range", "reporting", {"reporting", "shipment"},
                     "which date the period of the shipments report means");
    switches.declare("amazon.mcf_rows", "off", {"off", "on"},
                     "parcels of the seller's own shop in the shipments report");
}

void ReportDesk::catch_up(UtcTime now) {
    for (ReportSchedule& schedule : schedules_) {
        // A clock that was pushed far brings no more than what Amazon would still show.
        if (schedule.next + kKept < now) schedule.next = now - kKept;
        while (schedule.next <= now) {
            ReportRequest request = schedule.request;
            request.schedule_id = schedule.id;
            request.from = schedule.next - schedule.every;
            request.to = schedule.next;
            create(schedule.account, std::move(request), schedule.next);
            schedule.next = schedule.next + schedule.every;
        }
    }
    for (Report& report : reports_)
        if (!report.outcome && !report.cancelled && now >= report.ended) settle(report);
}

Positions ReportDesk::positions_now() const {
    Positions positions;
    for (const std::string_view name : kPositions)
        positions.emplace(name, environment_.switches.get("amazon." + std::string(name)));
    return positions;
}

std::string ReportDesk::new_document_id(const Report& report) const {
    const std::uint64_t a = mix_text(seed_ ^ 0xd0c, report.id);
    const std::uint64_t b = mix(a);
    char text[96];
    std::snprintf(
        text, sizeof text, "amzn1.spdoc.1.4.%s.%08llx-%04llx-4%03llx-8%03llx-%012llx.T%llu",
        std::string(report.request.stores.front()->region).c_str(),
        static_cast<unsigned long long>(a >> 32), static_cast<unsigned long long>(a & 0xffff),
        static_cast<unsigned long long>((a >> 16) & 0xfff),
        static_cast<unsigned long long>(b & 0xfff), static_cast<unsigned long long>(b >> 16),
        static_cast<unsigned long long>(made_));
    return text;
}

const Report& ReportDesk::create(std::string_view account, ReportRequest request, UtcTime now) {
    Report report;
    report.id = std::to_string(50'000'000'000 + mix(seed_) % 1'000 * 1'000'000 + ++made_);
    report.account = account;
    report.request = std::move(request);
    if (environment_.switches.is("amazon.report_stores", "first")) report.request.stores.resize(1);
    report.positions = positions_now();
    report.created = now;
    Chance chance(mix_text(seed_ ^ 0x3e9, report.id));
    const std::string fixed = environment_.switches.get("amazon.report_delay_s");
    const std::int64_t delay = fixed.empty()
                                   ? chance.between(30'000, 240'000)
                                   : environment_.switches.number("amazon.report_delay_s") * 1000;
    report.started = now + Milliseconds(delay / 4);
    report.ended = now + Milliseconds(delay);
    report.as_of = report.ended;
    report.document_id = new_document_id(report);
    reports_.push_back(std::move(report));
    return reports_.back();
}

/// The report that makes this one come too soon.
const Report* ReportDesk::too_soon_after(const Report& report) const {
    const Milliseconds limit = report.request.type->at_most_every;
    const Report* last = nullptr;
    for (const Report& other : reports_) {
        if (&other == &report) break;
        // One that was itself refused as too soon does not hold up the next.
        if (other.account == report.account && other.request.type == report.request.type &&
            other.request.stores == report.request.stores && !other.cancelled &&
            other.outcome != ReportStatus::Cancelled && other.created + limit > report.created)
            last = &other;
    }
    return last;
}

void ReportDesk::settle(Report& report) {
    const Switches& switches = environment_.switches;
    const ReportType& type = *report.request.type;
    const auto fatal = [&](std::string why) {
        report.why_fatal = std::move(why);
        report.outcome = ReportStatus::Fatal;
    };
    if (environment_.faults.fires(Fault::FatalReport, "amazon", type.name))
        return fatal("An internal error occurred. Request the report again.");
    if (type.longest.count() > 0 && report.request.to - report.request.from > type.longest) {
        if (switches.is("amazon.report_range", "fatal"))
            return fatal("The requested date range is longer than this report type allows.");
        report.request.from = report.request.to - type.longest;
    }
    if (const Report* before = too_soon_after(report)) {
        if (switches.is("amazon.report_too_soon", "fatal"))
            return fatal("This report was requested too soon after the previous one.");
        if (switches.is("amazon.report_too_soon", "cancelled")) {
            report.outcome = ReportStatus::Cancelled;
            return;
        }
        report.as_of = before->as_of;
    }
    const bool cancels = switches.is("amazon.report_empty", "cancelled");
    const bool empty = rows(report).empty();
    report.outcome = empty && cancels ? ReportStatus::Cancelled : ReportStatus::Done;
    if (empty && switches.is("amazon.report_empty", "zero_bytes"))
        report.positions["zero_bytes"] = "yes";
}

RowQuestion ReportDesk::question(const Report& report) const {
    return {.type = report.request.type,
            .stores = report.request.stores,
            .from = report.request.from,
            .to = report.request.to,
            .as_of = report.as_of - report.request.type->lag,
            .sales_channel = report.request.sales_channel,
            .positions = report.positions};
}

std::vector<Cells> ReportDesk::rows(const Report& report) const {
    return rows_for(question(report), environment_.world);
}

ReportStatus ReportDesk::status(const Report& report, UtcTime now) {
    if (report.cancelled && *report.cancelled <= now) return ReportStatus::Cancelled;
    if (now < report.started) return ReportStatus::InQueue;
    if (now < report.ended || !report.outcome) return ReportStatus::InProgress;
    return *report.outcome;
}

Report* ReportDesk::find(std::string_view account, std::string_view id) {
    for (Report& report : reports_)
        if (report.id == id && report.account == account) return &report;
    return nullptr;
}

const Report* ReportDesk::by_document(std::string_view document_id) const {
    for (const Report& report : reports_)
        if (report.document_id == document_id && report.has_document()) return &report;
    return nullptr;
}

std::vector<const Report*> ReportDesk::of_account(std::string_view account, UtcTime now) const {
    std::vector<const Report*> list;
    for (const Report& report : reports_)
        if (report.account == account && report.created + kKept >= now) list.push_back(&report);
    // Schedules catch up late, so the order in which reports were made is not that of their times.
    std::stable_sort(list.begin(), list.end(), [](const Report* a, const Report* b) {
        return std::tie(b->created, b->id) < std::tie(a->created, a->id);
    });
    return list;
}

const ReportSchedule& ReportDesk::schedule(std::string_view account, ReportRequest request,
                                           std::string period, UtcTime first) {
    std::erase_if(schedules_, [&](const ReportSchedule& each) {
        return each.account == account && each.request.type == request.type &&
               each.request.stores == request.stores;
    });
    ReportSchedule schedule;
    schedule.id = std::to_string(70'000'000'000 + mix(seed_) % 1'000 * 1'000'000 + ++scheduled_);
    schedule.account = account;
    schedule.request = std::move(request);
    schedule.every = schedule_period(period).value_or(24h);
    schedule.period = std::move(period);
    schedule.next = first;
    schedules_.push_back(std::move(schedule));
    return schedules_.back();
}

std::vector<const ReportSchedule*> ReportDesk::schedules(std::string_view account) const {
    std::vector<const ReportSchedule*> list;
    for (const ReportSchedule& each : schedules_)
        if (each.account == account) list.push_back(&each);
    return list;
}

bool ReportDesk::cancel_schedule(std::string_view account, std::string_view id) {
    return std::erase_if(schedules_, [&](const ReportSchedule& each) {
               return each.account == account && each.id == id;
           }) > 0;
}

Json ReportDesk::snapshot() const {
    Json reports = Json::array();
    for (const Report& report : reports_) {
        Json positions = Json::object();
        for (const auto& [name, value] : report.positions) positions.set(name, value);
        Json entry = Json::object({{"id", report.id},
                                   {"document", report.document_id},
                                   {"account", report.account},
                                   {"request", request_json(report.request)},
                                   {"created", report.created.milliseconds()},
                                   {"started", report.started.milliseconds()},
                                   {"ended", report.ended.milliseconds()},
                                   {"as_of", report.as_of.milliseconds()},
                                   {"positions", std::move(positions)},
                                   {"why_fatal", report.why_fatal}});
        if (report.cancelled) entry.set("cancelled", report.cancelled->milliseconds());
        if (report.outcome) entry.set("outcome", report_status_text(*report.outcome));
        reports.push_back(std::move(entry));
    }
    Json schedules = Json::array();
    for (const ReportSchedule& each : schedules_)
        schedules.push_back(Json::object({{"id", each.id},
                                          {"account", each.account},
                                          {"request", request_json(each.request)},
                                          {"period", each.period},
                                          {"next", each.next.milliseconds()}}));
    return Json::object({{"reports", std::move(reports)},
                         {"schedules", std::move(schedules)},
                         {"made", made_},
                         {"scheduled", scheduled_}});
}

Result<void> ReportDesk::restore(const Json& snapshot) {
    reset();
    for (const Json& json : snapshot["reports"].items()) {
        const std::optional<ReportRequest> request = request_from(json["request"]);
        if (!request)
            return misconfigured("sandbox.state",
                                 "a saved report is of no type that is known here");
        Report report;
        report.id = json["id"].text();
        report.document_id = json["document"].text();
        report.account = json["account"].text();
        report.request = *request;
        report.created = time_of(json, "created");
        report.started = time_of(json, "started");
        report.ended = time_of(json, "ended");
        report.as_of = time_of(json, "as_of");
        report.why_fatal = json["why_fatal"].text();
        for (const JsonMember& member : json["positions"].members())
            report.positions[member.key] = member.value.text();
        if (json.contains("cancelled")) report.cancelled = time_of(json, "cancelled");
        for (const auto& [status, text] : kStatusNames)
            if (json["outcome"].text() == text) report.outcome = status;
        reports_.push_back(std::move(report));
    }
    for (const Json& json : snapshot["schedules"].items()) {
        const std::optional<ReportRequest> request = request_from(json["request"]);
        if (!request || !schedule_period(json["period"].text()))
            return misconfigured("sandbox.state", "a saved schedule has no known type or period");
        schedules_.push_back({json["id"].text(), json["account"].text(), *request,
                              json["period"].text(), *schedule_period(json["period"].text()),
                              time_of(json, "next")});
    }
    made_ = static_cast<std::uint64_t>(snapshot["made"].integer_if().value_or(0));
    scheduled_ = static_cast<std::uint64_t>(snapshot["scheduled"].integer_if().value_or(0));
    return {};
}

void ReportDesk::reset() {
    reports_.clear();
    schedules_.clear();
    made_ = 0;
    scheduled_ = 0;
}

}  // namespace carrick::sandbox
