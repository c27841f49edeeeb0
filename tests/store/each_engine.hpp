// Tests that run on each engine: a store in memory, and one in a schema of its own of the PostgreSQL that
// RESIDENT_TEST_POSTGRES names (without it, that half is skipped).
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <store/database.hpp>
#include <string>
#include <utility>

namespace resident::test {

// Instantiate with INSTANTIATE_TEST_SUITE_P(Engines, …, kEngines, engine_name).
class OnEachEngine : public testing::TestWithParam<std::string> {
 protected:
  explicit OnEachEngine(std::string schema) : schema_(std::move(schema)) {}

  void SetUp() override {
    if (GetParam() == "sqlite") {
      database_ = Database::open(":memory:");
      return;
    }
    const char* url = std::getenv("RESIDENT_TEST_POSTGRES");
    if (!url) GTEST_SKIP() << "RESIDENT_TEST_POSTGRES is not set";
    url_ = url;
    open_postgres(url_, Access::write)
        ->execute_script("DROP SCHEMA IF EXISTS " + schema_ + " CASCADE; CREATE SCHEMA " + schema_);
    database_ =
        Database::open(url_ + (url_.find('?') == std::string::npos ? "?" : "&") + "options=-csearch_path%3D" + schema_);
  }
  void TearDown() override {
    database_.reset();
    if (!url_.empty())
      open_postgres(url_, Access::write)->execute_script("DROP SCHEMA IF EXISTS " + schema_ + " CASCADE");
  }

  std::unique_ptr<Database> database_;
  std::string schema_, url_;
};

inline const auto kEngines = testing::Values("sqlite", "postgresql");
inline std::string engine_name(const testing::TestParamInfo<std::string>& engine) {
  return engine.param;
}

}  // namespace resident::test
