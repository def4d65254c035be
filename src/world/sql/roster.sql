-- Countries' times in groups, the days as 20040501; one that has not ended ends on 99991231.
SELECT
    g.code,
    g.name,
    m.iso3,
    year(m.since) * 10000 + month(m.since) * 100 + day(m.since),
    coalesce(year(m.until) * 10000 + month(m.until) * 100 + day(m.until), 99991231)
FROM region_group g
JOIN group_member m ON m.group_code = g.code
ORDER BY ALL;
