// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/netsuite/batch_plan.hpp"

#include "core/connectors/netsuite/records.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace carrick::connectors::netsuite {
namespace {

constexpr std::size_t kMostBytes = std::size_t{8} * 1024 * 1024;

/// All requests of one call that could share a batch.
struct Group {
    std::vector<BatchItem> items;
    std::vector<std::size_t> places;
    std::vector<std::size_t> bytes;
    std::set<std::string> external_ids;
};
using Groups = std::map<std::pair<Batch::Verb, std::string>, Group>;

bool take(const Request& request, std::size_t place, WriteMode mode, Groups& groups) {
    const bool creates = request.operation == "netsuite.records.create";
    if (!creates && (request.operation != "netsuite.records.upsert" || mode != WriteMode::Batch))
        return false;
    const Result<Json> body = Json::parse(request.body);
    if (!body) return false;
    Result<RecordWrite> write = creates ? read_create(*body) : read_upsert(*body);
    if (!write || !write->replace.empty()) return false;
    Group& group =
        groups[{creates ? Batch::Verb::Create : Batch::Verb::Upsert, write->record_type}];
    if (!group.external_ids.insert(write->external_id).second) return false;
    group.items.push_back({std::move(write->external_id), "", std::move(write->body)});
    group.places.push_back(place);
    group.bytes.push_back(request.body.size());
    return true;
}

void cut(const std::pair<Batch::Verb, std::string>& kind, Group& group, BatchPlan& plan) {
    std::size_t begin = 0;
    while (begin < group.items.size()) {
        std::size_t end = begin;
        std::size_t bytes = 0;
        while (end < group.items.size() && end - begin < kMostInBatch &&
               (end == begin || bytes + group.bytes[end] <= kMostBytes))
            bytes += group.bytes[end++];
        if (end - begin == 1) {
            plan.singles.push_back(group.places[begin]);
        } else {
            Batch batch{kind.first, kind.second, {}, false};
            std::vector<std::size_t> members;
            for (std::size_t i = begin; i < end; ++i) {
                batch.items.push_back(std::move(group.items[i]));
                members.push_back(group.places[i]);
            }
            plan.batches.push_back(std::move(batch));
            plan.members.push_back(std::move(members));
        }
        begin = end;
    }
}

}  // namespace

BatchPlan plan_batches(std::span<const Request> requests, WriteMode mode) {
    BatchPlan plan;
    Groups groups;
    for (std::size_t place = 0; place < requests.size(); ++place)
        if (mode == WriteMode::Single || !take(requests[place], place, mode, groups))
            plan.singles.push_back(place);
    for (auto& [kind, group] : groups) {
        if (mode == WriteMode::Auto && group.items.size() < kAutoBatch)
            plan.singles.insert(plan.singles.end(), group.places.begin(), group.places.end());
        else
            cut(kind, group, plan);
    }
    std::sort(plan.singles.begin(), plan.singles.end());
    return plan;
}

}  // namespace carrick::connectors::netsuite
