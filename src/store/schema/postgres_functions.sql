-- What SQLite has by registration (src/store/sqlite_functions.cpp), under the same names.
-- Not translated: written in PostgreSQL's own spelling.
CREATE OR REPLACE FUNCTION day_start(t bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT extract(epoch FROM date_trunc('day', to_timestamp(t) AT TIME ZONE 'UTC'))::bigint $$;
CREATE OR REPLACE FUNCTION week_start(t bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT extract(epoch FROM date_trunc('week', to_timestamp(t) AT TIME ZONE 'UTC'))::bigint $$;
CREATE OR REPLACE FUNCTION month_start(t bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT extract(epoch FROM date_trunc('month', to_timestamp(t) AT TIME ZONE 'UTC'))::bigint $$;
CREATE OR REPLACE FUNCTION year_start(t bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT extract(epoch FROM date_trunc('year', to_timestamp(t) AT TIME ZONE 'UTC'))::bigint $$;
CREATE OR REPLACE FUNCTION iso_date(t bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT to_char(to_timestamp(t) AT TIME ZONE 'UTC', 'YYYY-MM-DD') $$;
CREATE OR REPLACE FUNCTION iso_month(t bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT to_char(to_timestamp(t) AT TIME ZONE 'UTC', 'YYYY-MM') $$;

-- quantile(x, p): R's type 7, as percentile_cont. The state is {p, x, x, …}.
CREATE OR REPLACE FUNCTION quantile_add(state double precision[], x double precision, p double precision)
RETURNS double precision[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN x IS NULL THEN state WHEN state IS NULL THEN ARRAY[p, x] ELSE array_append(state, x) END $$;
CREATE OR REPLACE FUNCTION quantile_end(state double precision[]) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT percentile_cont(state[1]) WITHIN GROUP (ORDER BY x) FROM unnest(state[2:]) AS x $$;
DROP AGGREGATE IF EXISTS quantile(double precision, double precision);
CREATE AGGREGATE quantile(double precision, double precision)
(SFUNC = quantile_add, STYPE = double precision[], FINALFUNC = quantile_end);
