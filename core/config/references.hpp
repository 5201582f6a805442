// SPDX-License-Identifier: Apache-2.0
// References in flows.yaml: ${env:NAME}, ${secret:NAME}, ${file:PATH}. Whole scalars only, resolved
// after parsing, never parsed again, never shown.
#pragma once

#include "core/config/yaml_reader.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace carrick::config {

struct ReferenceSources {
    std::filesystem::path base;         ///< the folder of flows.yaml
    std::filesystem::path secrets_dir;  ///< empty: none
    std::function<std::optional<std::string>(const std::string&)> environment;
};

/// Puts values in the place of references, everywhere but in expressions (`where`, `mapping`).
void resolve_references(Node& root, const ReferenceSources& sources, Problems& problems);

/// The same from the environment alone: no secret and no file is touched, and a value that is not
/// known then is passed over in silence.
void resolve_environment(Node& root, const ReferenceSources& sources, Problems& problems);

/// One scalar, for `secrets.dir` and `store.path`, which must be known first.
void resolve_reference(Node& node, const std::string& key, const ReferenceSources& sources,
                       Problems& problems);

}  // namespace carrick::config
