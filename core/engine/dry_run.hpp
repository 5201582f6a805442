// SPDX-License-Identifier: Apache-2.0
// What a dry run needs: a store that lets an engine run over a real one's state without changing it
// (reads come from below, what the run itself produces is kept in memory and forgotten), and the
// documents that were planned, so that each is shown once.
#pragma once

#include "core/plugin_host/flow_instance.hpp"
#include "core/store/store.hpp"

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <tuple>

namespace carrick::engine {

/// `beneath` is borrowed and never written to.
[[nodiscard]] std::unique_ptr<store::Store> make_dry_run_store(store::Store& beneath);

/// Documents that a dry run has shown. Many records may lead to one document (a customer of all
/// orders of a marketplace); written for real it would be made by the first and found by the
/// others. Thread-safe.
class PlannedDocuments {
public:
    /// False where this document of this connection was planned before. What has neither an
    /// external id nor one of the target cannot be told apart and is always the first.
    [[nodiscard]] bool is_first(const std::string& connection, const plugin_host::Payload& payload);

private:
    std::mutex mutex_;
    std::set<std::tuple<std::string, std::string, std::string>> documents_;
};

}  // namespace carrick::engine
