// SPDX-License-Identifier: Apache-2.0
// What every Store must do, whatever database lies under it. An implementation's test program
// defines `contract::make_store_under_test` and includes this header in exactly one source file.
#pragma once

#include "tests/core/store/contract/channels.hpp"
#include "tests/core/store/contract/errors.hpp"
#include "tests/core/store/contract/history.hpp"
#include "tests/core/store/contract/housekeeping.hpp"
#include "tests/core/store/contract/ledger.hpp"
#include "tests/core/store/contract/records.hpp"
#include "tests/core/store/contract/together.hpp"
