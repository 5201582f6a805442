// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/amazon_reports/report_cycle.hpp"

#include <algorithm>
#include <array>

namespace carrick::plugins {

namespace {

// A report's `end` may not lie in the future, and clocks differ.
constexpr Milliseconds kClockMargin = std::chrono::minutes(2);
constexpr Milliseconds kFirstLook = std::chrono::seconds(30);
constexpr Milliseconds kLongestLook = std::chrono::minutes(10);
// Amazon states when a report was made to the second, by its own clock.
constexpr Milliseconds kApartMargin = std::chrono::seconds(10);
// Amazon has been seen to take hours; what is not there after a day is asked for again.
constexpr Milliseconds kGiveUp = std::chrono::hours(24);
// Amazon says "cancelled" for a window without data, for one asked for too soon, and for one that
// somebody cancelled, alike. One that is cancelled so often in a row has no data. Where little of
// it is new, the next windows cover it again. What a month's window leaves out nobody would look
// for again, so that is said aloud.
constexpr std::int64_t kCancelledMeansEmpty = 3;
constexpr Milliseconds kLittle = std::chrono::hours(24);

Result<UtcTime> time_in(const Json& state, const char* member) {
    const Json& value = state[member];
    if (value.is_null()) return UtcTime();
    return UtcTime::parse(value.text());
}

std::optional<std::int64_t> count_in(const Json& state, const char* member) {
    const std::optional<std::int64_t> value = state[member].integer_if();
    return value && *value >= 0 ? value : std::nullopt;
}

// So many refusals are no few parcels' trouble but all of them's; a checkpoint holds no more.
constexpr std::size_t kMostRefused = 1000;

std::vector<std::string> texts_in(const Json& list) {
    std::vector<std::string> texts;
    for (const Json& text : list.items()) texts.push_back(text.text());
    return texts;
}

Json list_of(const std::vector<std::string>& texts) {
    Json list = Json::array();
    for (const std::string& text : texts) list.push_back(text);
    return list;
}

}  // namespace

Result<ReportCycle> ReportCycle::load(const ReportPlan& plan, const Json& state) {
    ReportCycle cycle(plan);
    cycle.complete_to_ = plan.start;
    if (state.is_null()) return cycle;
    const auto broken = [&] {
        return bug("report.state", "the checkpoint of the " + plan.type + " of " +
                                       plan.marketplace + " is not one that this plugin wrote");
    };
    const Result<UtcTime> complete_to = time_in(state, "complete_to");
    const Result<UtcTime> not_before = time_in(state, "not_before");
    if (!complete_to || !not_before || !state.is_object()) return broken();
    cycle.complete_to_ = std::max(plan.start, *complete_to);
    cycle.not_before_ = *not_before;
    cycle.cancelled_ = count_in(state, "cancelled").value_or(0);
    if (const Json* last = state.find("last_read"))
        cycle.last_read_ = {(*last)["id"].text(), (*last)["how"].text(),
                            texts_in((*last)["refused"])};
    if (const Json* asked = state.find("asked")) {
        const Result<UtcTime> from = time_in(*asked, "from");
        const Result<UtcTime> to = time_in(*asked, "to");
        const Result<UtcTime> at = time_in(*asked, "at");
        if (!from || !to || !at) return broken();
        cycle.asked_ = Asked{*from, *to, *at, (*asked)["id"].text()};
    }
    if (const Json* place = state.find("document")) {
        const auto offset = count_in(*place, "offset");
        const auto line = count_in(*place, "line");
        if (!cycle.asked_ || !offset || !line || (*place)["id"].text().empty()) return broken();
        cycle.place_ = {(*place)["id"].text(),
                        static_cast<std::uint64_t>(*offset),
                        static_cast<std::uint64_t>(*line),
                        (*place)["header"].text(),
                        (*place)["scattered_to"].text(),
                        texts_in((*place)["refused"])};
    }
    return cycle;
}

Json ReportCycle::state() const {
    Json state = Json::object({{"complete_to", Json(complete_to_.text())}});
    if (not_before_.milliseconds() != 0) state.set("not_before", not_before_.text());
    if (cancelled_ > 0) state.set("cancelled", cancelled_);
    if (asked_) {
        Json asked = Json::object({{"from", Json(asked_->from.text())},
                                   {"to", Json(asked_->to.text())},
                                   {"at", Json(asked_->at.text())}});
        if (!asked_->id.empty()) asked.set("id", asked_->id);
        state.set("asked", std::move(asked));
    }
    if (!last_read_.document.empty()) {
        Json last =
            Json::object({{"id", Json(last_read_.document)}, {"how", Json(last_read_.how)}});
        if (!last_read_.refused.empty()) last.set("refused", list_of(last_read_.refused));
        state.set("last_read", std::move(last));
    }
    if (!place_.document.empty()) {
        Json document = Json::object({{"id", Json(place_.document)},
                                      {"offset", Json(place_.offset)},
                                      {"line", Json(place_.line)},
                                      {"header", Json(place_.header)},
                                      {"scattered_to", Json(place_.scattered_to)}});
        if (!place_.refused.empty()) document.set("refused", list_of(place_.refused));
        state.set("document", std::move(document));
    }
    return state;
}

UtcTime ReportCycle::ready_at() const {
    return not_before_;
}

void ReportCycle::plan_window(UtcTime now) {
    const UtcTime from = std::max(plan_.start, complete_to_ - plan_.overlap);
    UtcTime to = std::min(now - kClockMargin, from + plan_.longest);
    if (plan_.end != UtcTime()) to = std::min(to, plan_.end);
    asked_ = Asked{from, to, now, {}};
    place_ = {};
}

Result<ReportCycle::Now> ReportCycle::step(sdk::Call& call) {
    if (call.now() < not_before_) return Now::Later;
    if (!place_.document.empty()) return Now::Reading;
    if (asked_ && !asked_->id.empty()) return look(call);
    if (asked_) return ask(call);
    plan_window(call.now());
    if (asked_->to <= asked_->from) {
        asked_.reset();
        not_before_ = call.now() + plan_.every;
        return Now::Later;
    }
    return Now::Again;
}

Result<ReportCycle::Listed> ReportCycle::list(sdk::Call& call) const {
    const UtcTime own_since = asked_->at - kClockMargin;
    const UtcTime since = std::min(own_since, call.now() - plan_.apart - kApartMargin);
    const Json request = Json::object({{"report_types", Json::array({Json(plan_.type)})},
                                       {"marketplaces", Json::array({Json(plan_.marketplace)})},
                                       {"created_since", Json(since.text())},
                                       {"page_size", Json(100)}});
    const sdk::Reply reply = call.call_one("source", "amazon.reports.list", request);
    if (!reply.ok()) return reply.error;
    Listed listed;
    // Amazon states times to the second.
    const auto same = [](const Result<UtcTime>& a, UtcTime b) {
        return a && std::chrono::abs(*a - b) < std::chrono::seconds(1);
    };
    for (const Json& report : reply.body["reports"].items()) {
        const Result<UtcTime> created = UtcTime::parse(report["createdTime"].text());
        const bool ours = (!created || *created >= own_since) &&
                          same(UtcTime::parse(report["dataStartTime"].text()), asked_->from) &&
                          same(UtcTime::parse(report["dataEndTime"].text()), asked_->to);
        if (ours && listed.asked_for.empty()) listed.asked_for = report["reportId"].text();
        // What was cancelled has given nothing, so it holds nothing up.
        if (created && report["processingStatus"].text() != "CANCELLED")
            listed.too_soon = std::max(listed.too_soon, *created + plan_.apart + kApartMargin);
    }
    return listed;
}

Result<ReportCycle::Now> ReportCycle::ask(sdk::Call& call) {
    const Result<Listed> listed = list(call);
    if (!listed) return listed.error();
    if (!listed->asked_for.empty()) {
        asked_->id = listed->asked_for;
    } else if (plan_.apart.count() > 0 && call.now() < listed->too_soon) {
        not_before_ = listed->too_soon;
        return Now::Later;
    } else {
        Json request = Json::object({{"report_type", Json(plan_.type)},
                                     {"marketplaces", Json::array({Json(plan_.marketplace)})},
                                     {"start", Json(asked_->from.text())},
                                     {"end", Json(asked_->to.text())}});
        if (!plan_.options.is_null()) request.set("options", plan_.options);
        const sdk::Reply reply = call.call_one("source", "amazon.reports.request", request);
        if (!reply.ok()) return reply.error;
        asked_->id = reply.body["reportId"].text();
    }
    asked_->at = call.now();
    not_before_ = call.now() + kFirstLook;
    return Now::Later;
}

Result<ReportCycle::Now> ReportCycle::look(sdk::Call& call) {
    const sdk::Reply reply = call.call_one("source", "amazon.reports.get",
                                           Json::object({{"report_id", Json(asked_->id)}}));
    if (reply.failed() && reply.error.code == "amazon.not_found") {
        call.log(sdk::LogLevel::Warning,
                 "Amazon does not know report " + asked_->id + " any more; it is asked for again");
        asked_.reset();
        return Now::Again;
    }
    if (!reply.ok()) return reply.error;
    const std::string& status = reply.body["processingStatus"].text();
    if (status == "DONE") return open(call, reply.body["reportDocumentId"].text());
    if (status == "FATAL") return given_up(call, reply.body);
    if (status == "CANCELLED") return cancelled(call);
    const Milliseconds age = call.now() - asked_->at;
    if (age > kGiveUp) {
        call.log(sdk::LogLevel::Warning, "report " + asked_->id + " (" + plan_.type +
                                             ") is not ready after a day; it is asked for again");
        asked_.reset();
        return Now::Again;
    }
    // Half as long as it has taken already: a slow report is looked at seldom, a quick one soon.
    not_before_ = call.now() + std::clamp(age / 2, kFirstLook, kLongestLook);
    return Now::Later;
}

Result<sdk::Document> ReportCycle::fetch(sdk::Call& call, const std::string& document_id) const {
    return call.open_document("source", "amazon.reports.open",
                              Json::object({{"document_id", Json(document_id)},
                                            {"report_type", Json(plan_.type)},
                                            {"marketplace", Json(plan_.marketplace)}}));
}

Result<ReportCycle::Now> ReportCycle::open(sdk::Call& call, const std::string& document_id) {
    const Result<sdk::Document> document = fetch(call, document_id);
    if (!document) return document.error();
    place_ = {document->id(), 0, 1, {}, {}, {}};
    cancelled_ = 0;
    return Now::Again;
}

// The state stays as it is, so that the error is seen for as long as asking again makes no sense.
Result<ReportCycle::Now> ReportCycle::given_up(sdk::Call& call, const Json& report) {
    if (const Milliseconds age = call.now() - asked_->at; age >= plan_.every) {
        asked_.reset();
        return Now::Again;
    }
    std::string why = "without a reason";
    if (const std::string& document_id = report["reportDocumentId"].text(); !document_id.empty()) {
        Result<sdk::Document> document = fetch(call, document_id);
        std::array<char, 300> text{};
        const std::int64_t got = document ? document->read(text.data(), text.size()) : 0;
        if (got > 0) why = "\"" + std::string(text.data(), static_cast<std::size_t>(got)) + "\"";
    }
    Error error = transient(
        "report.fatal", "Amazon gave up report " + asked_->id + " (" + plan_.type + " of " +
                            plan_.marketplace + ", " + asked_->from.text() + " to " +
                            asked_->to.text() + "): " + why +
                            "; it is asked for again: see Seller Central where it keeps failing");
    error.retry_after = asked_->at + plan_.every - call.now();
    return error;
}

ReportCycle::Now ReportCycle::cancelled(sdk::Call& call) {
    ++cancelled_;
    const bool little = asked_->to - complete_to_ <= kLittle;
    const std::string what = "report " + asked_->id + " (" + plan_.type + " of " +
                             plan_.marketplace + ", " + asked_->from.text() + " to " +
                             asked_->to.text() + ") was cancelled";
    if (cancelled_ >= kCancelledMeansEmpty) {
        if (!little)
            call.log(sdk::LogLevel::Warning,
                     what + ", as " + std::to_string(cancelled_ - 1) +
                         " before it: Amazon has no data of these days, as far as it tells; if "
                         "there were any, a backfill asks for them again");
        finish_window();
    } else {
        call.log(sdk::LogLevel::Info, what +
                                          ": no data, or asked for too soon; its time is covered "
                                          "by the next one");
        not_before_ = asked_->at + plan_.every;
        asked_.reset();
    }
    return Now::Later;
}

void ReportCycle::finish_window() {
    complete_to_ = asked_->to;
    // A window that was cut to what Amazon reports at once has its rest right away.
    const bool caught_up = asked_->at - asked_->to <= kClockMargin + plan_.every;
    not_before_ = caught_up ? asked_->at + plan_.every : UtcTime();
    cancelled_ = 0;
    asked_.reset();
    place_ = {};
}

Result<void> ReportCycle::refuse_document(sdk::Call& call, Error why) {
    if (const Milliseconds age = call.now() - asked_->at; age < plan_.every) {
        why.message = plan_.type + " of " + plan_.marketplace + " (document " +
                      place_.document.substr(0, 12) + "… of the archive): " + why.message;
        why.error_class = ErrorClass::Transient;
        why.retry_after = plan_.every - age;
        return why;
    }
    asked_.reset();
    place_ = {};
    not_before_ = {};  // at once, and not when the schedule looks next
    return {};
}

void ReportCycle::read_on_from(ReadingPlace place) {
    if (place.refused.size() > kMostRefused) place.refused.resize(kMostRefused);
    place_ = std::move(place);
}

void ReportCycle::read_to_end(const std::string& how) {
    last_read_ = {};
    if (!how.empty() && place_.refused.size() < kMostRefused)
        last_read_ = {place_.document, how, std::move(place_.refused)};
    finish_window();
}

}  // namespace carrick::plugins
