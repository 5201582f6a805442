// SPDX-License-Identifier: Apache-2.0
// ReportCycle: one report of one store, asked for again and again: ask, wait, fetch, read, move on.
//
// Amazon makes a report in minutes or hours, so no call waits for it: where the cycle stands lives
// in the source's checkpoint, and each extract takes it one step further. Nothing is lost when the
// engine dies between any two steps:
//   - that we are about to ask is stored before we ask; afterwards we look for the report first,
//     because a report asked for twice comes too soon after itself and ends as cancelled;
//   - a document is read from the archive, from the offset that was stored with the rows before it;
//   - the window of time moves only when its document has been read to its end.
#pragma once

#include <carrick/sdk/call.hpp>
#include <carrick/sdk/document.hpp>
#include <carrick/sdk/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace carrick::plugins {

struct ReportPlan {
    std::string type;         ///< "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING"
    std::string marketplace;  ///< code; one report is asked for one store
    Json options;             ///< reportOptions: texts; null for none
    UtcTime start;            ///< nothing before it is asked for
    Milliseconds overlap{0};  ///< how far a window reaches back into the one before
    Milliseconds longest{0};  ///< of one window: what Amazon reports at once
    Milliseconds every{0};    ///< between two requests: what Amazon allows, or more
    /// What Amazon wants between two reports of this type, whoever asked for them; 0 = nothing.
    Milliseconds apart{0};
    UtcTime end{};  ///< of a range that is read once; 0 = it goes on for ever
};

/// Where in an archived document reading goes on.
struct ReadingPlace {
    std::string document;      ///< its id in the archive
    std::uint64_t offset = 0;  ///< of the first byte that has not been taken
    std::uint64_t line = 1;    ///< its line
    std::string header;        ///< the header line; empty before it has been read
    std::string scattered_to;  ///< before that: the last key of those whose rows stand apart
    std::vector<std::string> refused;  ///< keys so far that did not become what they should
};

/// The last document that was read to its end: all its groups were passed on.
struct LastRead {
    std::string document;              ///< its id in the archive; empty: none
    std::string how;                   ///< by which settings, in the reader's words
    std::vector<std::string> refused;  ///< but not these: they are tried again
};

class ReportCycle {
public:
    /// Errors: Bug `report.state`  a state that no cycle wrote.
    [[nodiscard]] static Result<ReportCycle> load(const ReportPlan& plan, const Json& state);

    enum class Now {
        Reading,  ///< a document is there: read it at `place`
        Later,    ///< nothing before `ready_at`
        Again,    ///< a step was made; store the state and come back at once
    };
    /// One step. At most three requests to Amazon.
    /// Errors   the connection's; Transient `report.fatal`  Amazon gave the report up, with its
    /// reason.
    [[nodiscard]] Result<Now> step(sdk::Call& call);

    [[nodiscard]] const ReadingPlace& place() const { return place_; }
    /// The rows up to `place` have been emitted; to be stored with them.
    void read_on_from(ReadingPlace place);
    /// The document has been read to its end: the window is complete. `how`: for the next one's
    /// `last_read`; empty: nothing is kept of this one.
    void read_to_end(const std::string& how);
    [[nodiscard]] const LastRead& last_read() const { return last_read_; }

    /// The document is not what was asked for.
    /// Errors   `why` itself, for as long as asking again makes no sense; then it is asked again.
    [[nodiscard]] Result<void> refuse_document(sdk::Call& call, Error why);

    [[nodiscard]] const std::string& marketplace() const { return plan_.marketplace; }
    /// Nothing before then, whatever else is stored.
    void pause(UtcTime until) { not_before_ = until; }

    /// What belongs together is reported within half an overlap. So a group whose first row was
    /// reported later than this is whole in this window, and any other in the one before.
    /// 0: this is the first window.
    [[nodiscard]] UtcTime whole_from() const {
        if (!asked_ || asked_->from <= plan_.start) return {};
        return asked_->from + plan_.overlap / 2;
    }

    /// When the next step makes sense. Past: now.
    [[nodiscard]] UtcTime ready_at() const;
    /// A range has been read to its end.
    [[nodiscard]] bool finished() const {
        return plan_.end != UtcTime() && !asked_ && complete_to_ >= plan_.end;
    }
    /// Something is under way or left to do, so that the stream is looked at again at `ready_at`.
    [[nodiscard]] bool under_way() const {
        if (plan_.end != UtcTime()) return !finished();
        return asked_.has_value() || not_before_.milliseconds() == 0;
    }
    /// Everything up to here has been read; the plan's start in the beginning.
    [[nodiscard]] UtcTime complete_to() const { return complete_to_; }
    /// For the source's checkpoint.
    [[nodiscard]] Json state() const;

private:
    struct Asked {
        UtcTime from;
        UtcTime to;
        UtcTime at;
        std::string id;  ///< empty: about to be asked for
    };

    explicit ReportCycle(ReportPlan plan) : plan_(std::move(plan)) {}
    void plan_window(UtcTime now);
    Result<Now> ask(sdk::Call& call);
    /// What Amazon lists of this type.
    struct Listed {
        std::string asked_for;  ///< the id of the report of this very window; empty: none
        UtcTime too_soon;       ///< until then another one would come too soon
    };
    Result<Listed> list(sdk::Call& call) const;
    Result<Now> look(sdk::Call& call);
    Result<sdk::Document> fetch(sdk::Call& call, const std::string& document_id) const;
    Result<Now> open(sdk::Call& call, const std::string& document_id);
    Result<Now> given_up(sdk::Call& call, const Json& report);
    Now cancelled(sdk::Call& call);
    void finish_window();

    ReportPlan plan_;
    UtcTime complete_to_;
    std::optional<Asked> asked_;
    ReadingPlace place_;
    LastRead last_read_;
    UtcTime not_before_;
    std::int64_t cancelled_ = 0;  // how often in a row the same window was
};

}  // namespace carrick::plugins
