// SPDX-License-Identifier: Apache-2.0
// A source on the bench that reads reports: an Amazon in memory that makes them, an archive in
// memory that keeps them, and a clock in the hands of the test.
#pragma once

#include "tests/plugins/support/flow_bench.hpp"

#include <cstring>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace carrick::plugins::testing {

class MemoryText final : public DocumentReader {
public:
    explicit MemoryText(std::string text) : text_(std::move(text)) {}
    Result<std::size_t> read(char* buffer, std::size_t capacity) override {
        const std::size_t given = std::min(capacity, text_.size() - at_);
        std::memcpy(buffer, text_.data() + at_, given);
        at_ += given;
        return given;
    }

private:
    std::string text_;
    std::size_t at_ = 0;
};

/// Makes each report that is asked for from `texts` (by report type), `ready_after` asking for it.
class ReportingAmazon final : public plugin_host::Gateway {
public:
    struct Report {
        std::string id;
        std::string type;
        Json asked;
        UtcTime made;
        std::string status;  ///< empty: DONE once it is time
    };
    std::map<std::string, std::string> texts;
    std::map<std::string, Json> orders;  ///< for amazon.orders.get
    std::vector<Report> reports;
    std::vector<std::string> operations;                        ///< asked for, in order
    std::vector<std::pair<std::string, std::uint64_t>> opened;  ///< archived documents, from where
    std::vector<std::string> logged;
    std::vector<std::string> linked;  ///< orders that a flow has linked
    Milliseconds ready_after = std::chrono::minutes(5);
    bool archive_lost = false;
    std::set<std::string> lost;  ///< documents that the archive has lost
    std::string next_status;     ///< of the next report that is asked for
    std::optional<Error> next_error;
    UtcTime clock = UtcTime::parse("2026-11-23T12:00:00Z").value();

    explicit ReportingAmazon(const plugin_host::Manifest& manifest) {
        for (const std::string& name : manifest.operations)
            operations_[name] = {name,
                                 name == "amazon.reports.open" ? connectors::OperationKind::Document
                                                               : connectors::OperationKind::Read,
                                 "",
                                 {},
                                 {}};
    }

    void call(std::string_view, std::span<const connectors::Request> requests,
              std::span<const std::int64_t>, connectors::ReplyHandler& handler) override {
        for (std::size_t i = 0; i < requests.size(); ++i)
            handler.on_reply(i,
                             answer(requests[i].operation, Json::parse(requests[i].body).value()));
    }
    const connectors::Operation* operation(std::string_view, std::string_view name) override {
        const auto found = operations_.find(std::string(name));
        return found == operations_.end() ? nullptr : &found->second;
    }
    Result<plugin_host::OpenedDocument> open_document(std::string_view,
                                                      const connectors::Request& request) override {
        operations.push_back(request.operation);
        const Json body = Json::parse(request.body).value();
        const std::string id = body["document_id"].text();
        // What is archived stays as it came, whatever Amazon says next.
        archive_.emplace(id, texts[id.substr(0, id.find('/'))]);
        return open_archived(id, 0);
    }
    Result<plugin_host::OpenedDocument> open_archived(std::string_view id,
                                                      std::uint64_t offset) override {
        opened.emplace_back(id, offset);
        if (archive_lost) return rejected("archive.unknown", "there is no such document");
        const auto archived = archive_.find(std::string(id));
        if (archived == archive_.end() || lost.contains(std::string(id)))
            return rejected("archive.unknown", "there is no such document");
        const std::string& text = archived->second;
        return plugin_host::OpenedDocument{
            std::string(id),
            text.size(),
            "UTF-8",
            "declared",
            std::string(id),
            std::make_unique<MemoryText>(text.substr(std::min<std::size_t>(offset, text.size())))};
    }
    Result<std::vector<std::string>> links(std::string_view, std::string_view from) override {
        const bool known = std::ranges::find(linked, std::string(from)) != linked.end();
        return known ? std::vector<std::string>{"766"} : std::vector<std::string>();
    }
    bool cancelled() override { return false; }
    UtcTime now() override { return clock; }
    UtcTime deadline() override { return clock + std::chrono::seconds(30); }
    void log(int, std::string_view message) override { logged.emplace_back(message); }

    [[nodiscard]] std::size_t count(const std::string& operation) const {
        return static_cast<std::size_t>(std::ranges::count(operations, operation));
    }

private:
    connectors::Reply answer(const std::string& operation, const Json& body) {
        operations.push_back(operation);
        if (next_error) return refused(*std::exchange(next_error, std::nullopt));
        if (operation == "amazon.reports.list") return ok(list(body["marketplaces"]));
        if (operation == "amazon.reports.request") {
            reports.push_back({"R" + std::to_string(reports.size() + 1), body["report_type"].text(),
                               body, clock, std::exchange(next_status, {})});
            return ok(Json::object({{"reportId", Json(reports.back().id)}}));
        }
        if (operation == "amazon.orders.get") {
            const auto order = orders.find(body["order_id"].text());
            if (order == orders.end())
                return refused(rejected("amazon.not_found", "no such order"));
            return ok(Json::object({{"order", order->second}}));
        }
        for (const Report& report : reports)
            if (report.id == body["report_id"].text()) return ok(status(report));
        return refused(rejected("amazon.not_found", "no such report"));
    }
    [[nodiscard]] Json status(const Report& report) const {
        const bool ready = clock >= report.made + ready_after;
        const std::string now = !report.status.empty() ? report.status
                                : ready                ? "DONE"
                                                       : "IN_PROGRESS";
        Json json = Json::object({{"reportId", Json(report.id)},
                                  {"reportType", Json(report.type)},
                                  {"createdTime", Json(report.made.text())},
                                  {"dataStartTime", report.asked["start"]},
                                  {"dataEndTime", report.asked["end"]},
                                  {"processingStatus", Json(now)}});
        if (now == "DONE" || now == "FATAL")
            json.set("reportDocumentId", report.type + "/" + report.id);
        return json;
    }
    [[nodiscard]] Json list(const Json& marketplaces) const {
        Json all = Json::array();
        for (const Report& report : reports)
            if (report.asked["marketplaces"] == marketplaces) all.push_back(status(report));
        return Json::object({{"reports", std::move(all)}});
    }

    std::map<std::string, connectors::Operation> operations_;
    std::map<std::string, std::string> archive_;
};

/// A source plugin, its stream and its checkpoint.
class ReportBench {
public:
    ReportingAmazon amazon;
    std::string checkpoint;
    std::vector<store::Record> records;  ///< all that were emitted

    ReportBench(const std::string& name, carrick_plugin_entry entry, const Json& config,
                std::string stream)
        : amazon(manifest_of(name)),
          entry_(entry),
          name_(name),
          config_(config),
          stream_(std::move(stream)) {
        restart();
    }
    /// The engine made the instance anew: what it cached is gone.
    void restart() {
        plugin_ = plugin_host::adopt_plugin(manifest_of(name_), entry_).value();
        auto made = plugin_->create(config_);
        INFO((made ? std::string() : made.error().message));
        REQUIRE(made);
        instance_ = *std::move(made);
    }
    /// One extract. Its checkpoint counts only when it ended well, as in the engine.
    plugin_host::ExtractPage extract() {
        plugin_host::ExtractPage page = instance_->extract(amazon, stream_, checkpoint);
        if (page.end.status != plugin_host::CallStatus::Ok) return page;
        checkpoint = *page.checkpoint;
        for (const store::Record& record : page.records) records.push_back(record);
        return page;
    }
    /// A page of another stream of the same instance; nothing of it is kept.
    plugin_host::ExtractPage extract_of(const std::string& stream, const std::string& from) {
        return instance_->extract(amazon, stream, from);
    }
    /// As the engine runs a stream: again while it says so, waiting as long as it says, until it is
    /// idle. Returns how many pages that took.
    int run_to_idle(bool restart_each_time = false) {
        for (int pages = 1; pages < 1000; ++pages) {
            if (restart_each_time) restart();
            const plugin_host::ExtractPage page = extract();
            INFO(page.end.error.message);
            REQUIRE(page.end.status == plugin_host::CallStatus::Ok);
            if (page.page_end == CARRICK_PAGE_IDLE) return pages;
            if (page.page_end == CARRICK_PAGE_LOOK_AGAIN) amazon.clock = page.look_again_at;
        }
        FAIL("the stream never became idle");
        return 0;
    }
    [[nodiscard]] std::vector<std::string> keys() const {
        std::vector<std::string> all;
        for (const store::Record& record : records) all.push_back(record.key);
        return all;
    }
    [[nodiscard]] Json body(std::size_t record) const {
        return Json::parse(records.at(record).body).value();
    }

private:
    carrick_plugin_entry entry_;
    std::string name_;
    Json config_;
    std::string stream_;
    std::shared_ptr<plugin_host::LoadedPlugin> plugin_;
    std::unique_ptr<plugin_host::FlowInstance> instance_;
};

}  // namespace carrick::plugins::testing
