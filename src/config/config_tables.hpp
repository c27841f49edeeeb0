// The tables of a configuration that are not a project's, from TOML: [forge."HOST"] and [embedding].
// For config.cpp alone. Each throws Error{usage} that says where, and what the settings are.
#pragma once

#include <toml++/toml.h>

#include <config/config.hpp>
#include <string>
#include <string_view>

namespace resident {

ForgeConfig read_forge(const toml::node& node, const std::string& origin, std::string_view host);
EmbeddingRules read_embedding(const toml::table& table, const std::string& origin);

}  // namespace resident
