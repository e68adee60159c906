-- SPDX-License-Identifier: Apache-2.0
-- Templates that found no room at an agent: a column of the ledger, empty in older rows.

ALTER TABLE netmeta.ledger
	ADD COLUMN IF NOT EXISTS TemplatesRefused UInt64 CODEC(T64, ZSTD(1));
