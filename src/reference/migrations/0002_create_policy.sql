-- Which versions a policy version stands for; kept as long as any case that started with it.
CREATE TABLE reference_policy (
    version TEXT NOT NULL,
    parts TEXT NOT NULL,
    first_used_at BIGINT NOT NULL,
    CONSTRAINT reference_policy_key PRIMARY KEY (version)
);
