// SPDX-License-Identifier: Apache-2.0
// The questions the store answers, each inside a read transaction that its caller opened.
#pragma once

#include "core/store/sqlite/ledger_table.hpp"
#include "core/store/sqlite/sqlite_handle.hpp"
#include "core/store/store.hpp"

namespace carrick::store::sqlite {

[[nodiscard]] std::optional<InstanceNumber> find_instance(Connection& database,
                                                          const InstanceName& name);
[[nodiscard]] InstanceState read_instance(Connection& database, InstanceNumber number);
[[nodiscard]] std::vector<InstanceName> read_instances(Connection& database);
[[nodiscard]] Seq read_channel_end(Connection& database, InstanceNumber channel);
[[nodiscard]] std::vector<std::string> read_bodies(Connection& database, InstanceNumber consumer,
                                                   std::span<const Position> positions);
[[nodiscard]] std::vector<std::string> read_links(Connection& database, std::string_view kind,
                                                  std::string_view from);
[[nodiscard]] std::vector<Run> read_runs(Connection& database, std::size_t limit);
[[nodiscard]] std::vector<RunTotals> read_totals(Connection& database, std::int64_t since_run);
[[nodiscard]] std::vector<ErrorRow> read_errors(Connection& database, const ErrorFilter& filter);
[[nodiscard]] std::optional<ErrorRow> read_error(Connection& database, std::int64_t id);
[[nodiscard]] std::vector<EngineRequest> read_pending_requests(Connection& database);
[[nodiscard]] std::optional<EngineRequest> read_request(Connection& database, std::int64_t id);

}  // namespace carrick::store::sqlite
